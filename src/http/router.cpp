#include "http/router.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace userinfo::http {
namespace {

using parameters = std::array<std::string_view, router::max_parameters>;

constexpr std::array known_methods{method::get, method::head,    method::post,
                                   method::put, method::delete_, method::options};

std::size_t index_of(method method) { return static_cast<std::size_t>(method); }

// Of a method that a path has no route for.
router::outcome outcome_of_other(method method) {
    return method == method::options ? router::outcome::options : router::outcome::method_not_allowed;
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

// Removes the first segment from `path`, which begins with '/', and returns it.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

bool is_pattern(std::string_view pattern) {
    if (!pattern.starts_with('/')) return false;
    std::size_t count = 0;
    while (!pattern.empty()) {
        const auto segment = take_segment(pattern);
        if (is_parameter(segment) && (segment.size() < 3 || !segment.ends_with('}'))) return false;
        if (segment.substr(is_parameter(segment) ? 1 : 0, segment.size() - (is_parameter(segment) ? 2 : 0))
                .find_first_of("{}?#") != std::string_view::npos)
            return false;
        count += is_parameter(segment) ? 1 : 0;
    }
    return count <= router::max_parameters;
}

// Whether two patterns match the same paths, regardless of parameter names.
bool same_shape(std::string_view a, std::string_view b) {
    while (!a.empty() && !b.empty()) {
        const auto x = take_segment(a);
        const auto y = take_segment(b);
        if (is_parameter(x) != is_parameter(y) || (!is_parameter(x) && x != y)) return false;
    }
    return a.empty() && b.empty();
}

std::optional<parameters> take_parameters(std::string_view pattern, std::string_view path) {
    parameters found{};
    std::size_t count = 0;
    while (!pattern.empty() && !path.empty()) {
        const auto wanted = take_segment(pattern);
        const auto segment = take_segment(path);
        if (!is_parameter(wanted)) {
            if (segment != wanted) return std::nullopt;
        } else {
            if (segment.empty()) return std::nullopt;
            found[count++] = segment;
        }
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return found;
}

}  // namespace

router::router(std::span<const route> table) {
    method_set has_method{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& [method, pattern] = table[i];
        if (!is_pattern(pattern) || index_of(method) >= methods)
            throw std::invalid_argument("no route: " + std::string(pattern));
        auto& place = resource_for(pattern).route_of[index_of(method)];
        if (place != none)
            throw std::invalid_argument("two routes: " + std::string(to_string(method)) + " " + std::string(pattern));
        place = i;
        has_method[index_of(method)] = true;
    }
    for (auto& [path, resource] : static_) complete(resource);
    std::ranges::for_each(with_parameters_, complete);
    allow_anywhere_ = allow_of(has_method);
}

// HEAD goes wherever GET goes, and OPTIONS everywhere.
void router::complete(resource& resource) {
    auto& head = resource.route_of[index_of(method::head)];
    if (head == none) head = resource.route_of[index_of(method::get)];
    method_set has_method{};
    for (const auto method : known_methods) has_method[index_of(method)] = resource.route_of[index_of(method)] != none;
    resource.allow = allow_of(has_method);
}

std::string router::allow_of(method_set has_method) {
    if (has_method[index_of(method::get)]) has_method[index_of(method::head)] = true;
    has_method[index_of(method::options)] = true;
    std::string allow;
    for (const auto method : known_methods)
        if (has_method[index_of(method)]) allow.append(allow.empty() ? "" : ", ").append(to_string(method));
    return allow;
}

auto router::resource_for(std::string_view pattern) -> resource& {
    if (!pattern.contains('{')) {
        auto& resource = static_[pattern];
        resource.pattern = pattern;
        return resource;
    }
    for (auto& resource : with_parameters_)
        if (same_shape(resource.pattern, pattern)) return resource;
    return with_parameters_.emplace_back(resource{.pattern = pattern});
}

auto router::find(method method, std::string_view path) const -> match {
    match found;
    if (method == method::unknown) {
        found.outcome = outcome::unknown_method;
        return found;
    }
    if (path == "*") {
        found.outcome = outcome_of_other(method);
        found.allow = allow_anywhere_;
        return found;
    }
    if (!path.starts_with('/')) return found;
    if (const auto place = static_.find(path); place != static_.end()) {
        fill(found, place->second, method);
        return found;
    }
    for (const auto& resource : with_parameters_)
        if (const auto parameters = take_parameters(resource.pattern, path)) {
            found.parameters = *parameters;
            fill(found, resource, method);
            return found;
        }
    return found;
}

void router::fill(match& match, const resource& resource, method method) {
    const auto index = index_of(method);
    if (index < methods && resource.route_of[index] != none) {
        match.outcome = outcome::found;
        match.route = resource.route_of[index];
    } else {
        match.outcome = outcome_of_other(method);
        match.allow = resource.allow;
    }
}

}  // namespace userinfo::http
