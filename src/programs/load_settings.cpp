#include "programs/load_settings.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>

#include <fcntl.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include "base/file_descriptor.h"
#include "gateway/public_url.h"

namespace userinfo::programs {

namespace {

// Never repeats a secret's value, even an invalid one.
void apply(settings& to, const setting& setting, const std::string& source, std::string_view text) {
    try {
        setting.read(to, text);
    } catch (const std::invalid_argument& why) {
        throw config_error(source + ": " + (setting.secret ? "the value is not valid" : why.what()));
    }
}

std::string text_of(const YAML::Node& node, const std::string& source) {
    if (node.IsScalar()) return node.Scalar();
    if (!node.IsSequence()) throw config_error(source + ": a value or a list of values is expected");
    std::string list;
    for (const auto& item : node) {
        if (!item.IsScalar()) throw config_error(source + ": a list of plain values is expected");
        if (!list.empty()) list += ',';
        list += item.Scalar();
    }
    return list;
}

std::string contents_of(const std::filesystem::path& file) {
    std::string text;
    std::array<char, 4096> part{};
    const file_descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    for (;;) {
        const auto size = opened.is_open() ? ::read(opened.number(), part.data(), part.size()) : -1;
        if (size < 0) throw config_error("--config: '" + file.string() + "' cannot be read: " + std::strerror(errno));
        if (size == 0) return text;
        text.append(part.data(), static_cast<std::size_t>(size));
    }
}

bool is_section(const std::string& key) {
    for (const auto& setting : setting_table()) {
        if (setting.key.starts_with(key + '.')) return true;
    }
    return false;
}

// `seen` holds the keys so far, because a key may also be written in one piece: "http.body_bytes".
void apply_map(settings& to, const YAML::Node& map, const std::string& prefix, const std::string& file,
               std::set<std::string>& seen) {
    for (const auto& entry : map) {
        const auto key = prefix + entry.first.Scalar();
        const auto source = file + ": " + key;
        if (!seen.insert(key).second) throw config_error(source + " is set twice");
        // A section whose settings are all commented out is empty.
        if ((entry.second.IsMap() || entry.second.IsNull()) && is_section(key)) {
            apply_map(to, entry.second, key + '.', file, seen);
            continue;
        }
        const auto* setting = find_setting(key);
        if (setting == nullptr) throw config_error(source + " is not a setting");
        if (setting->secret) {
            throw config_error(source + ": a secret does not belong into this file; use " +
                               setting->environment_name());
        }
        apply(to, *setting, source, text_of(entry.second, source));
    }
}

void apply_environment(settings& to) {
    for (const auto& setting : setting_table()) {
        const auto name = setting.environment_name();
        const char* value = std::getenv(name.c_str());
        if (value != nullptr && *value != '\0') apply(to, setting, name, value);
    }
}

// A page that comes by http can be replaced on the way, and would be trusted as the product. On this machine there is
// none.
void check_pages(const gateway::product& product, const std::string& below, bool https) {
    for (const auto& origin : product.return_to) {
        const auto url = gateway::public_url::parse(origin);
        if (https && !url.is_https() && !url.is_loopback()) {
            throw config_error("pages.return_to: '" + origin + "' is http, but public_url is https");
        }
    }
    const auto home = std::string_view(product.home).substr(0, product.home.find_first_of("?#"));
    if (home == below + "/login" || home == below + "/register") {
        throw config_error("pages.home: '" + product.home + "' leads people who have logged in away again");
    }
}

}  // namespace

void apply_file(settings& to, const std::filesystem::path& file) {
    const auto text = contents_of(file);
    YAML::Node root;
    try {
        root = YAML::Load(text);
    } catch (const YAML::Exception& why) {
        throw config_error(file.string() + ": line " + std::to_string(why.mark.line + 1) + ": " + why.msg);
    }
    if (root.IsNull()) return;
    if (!root.IsMap()) throw config_error(file.string() + ": keys and values are expected");
    std::set<std::string> seen;
    apply_map(to, root, "", file.string(), seen);
}

std::vector<std::string> unknown_variables() {
    std::set<std::string> known;
    for (const auto& setting : setting_table()) known.insert(setting.environment_name());
    std::vector<std::string> unknown;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        const std::string name(text.substr(0, text.find('=')));
        const bool is_empty = text.size() == name.size() + 1;
        if (!name.starts_with("USERINFO_") || is_empty) continue;
        if (!known.contains(name)) unknown.push_back(name);
    }
    return unknown;
}

void check_settings(const settings& settings) {
    if (settings.sessions.idle > settings.sessions.absolute) {
        throw config_error("sessions.idle is longer than sessions.absolute");
    }
    if (settings.audit.keep_addresses > settings.audit.keep) {
        throw config_error("audit.keep_addresses is longer than audit.keep");
    }
    if (settings.tls.certificate.empty() != settings.tls.key.empty()) {
        throw config_error("tls.certificate and tls.key: one of them is set, and each needs the other");
    }
    if (settings.tls.is_on() && settings.public_url.starts_with("http://")) {
        throw config_error("public_url: it is http, but with tls.certificate clients come by https");
    }
    const bool https = settings.tls.is_on() || settings.public_url.starts_with("https://");
    check_pages(settings.pages.product, settings.pages.path, https);
    if (settings.compatibility.reference && https) {
        throw config_error(
            "compatibility.reference: it lets people register with weak passwords, so it cannot be used "
            "with an https public_url");
    }
    if (settings.rpc.certificate.empty() != settings.rpc.key.empty() ||
        settings.rpc.certificate.empty() != settings.rpc.authority.empty()) {
        throw config_error("rpc.certificate, rpc.key and rpc.authority: each needs the two others");
    }
    if (settings.mariadb.is_on() == settings.redis.nodes.empty()) {
        throw config_error(
            "mariadb.hosts and redis.nodes: services on MariaDB share a cache, and nothing else uses it; each "
            "needs the other");
    }
    if (settings.tls.is_on() && settings.listen.is_unix()) {
        throw config_error("tls.certificate: a unix socket speaks no TLS; let the proxy that connects to '" +
                           settings.listen.to_string() + "' speak it");
    }
    const bool local = settings.listen.is_unix() || settings.listen.is_loopback();
    if (!local && !https && !settings.http.allow_insecure) {
        throw config_error("listen: '" + settings.listen.to_string() +
                           "' can be reached from other machines, but public_url is not https; set tls.certificate and "
                           "tls.key, or put a TLS proxy in front and set public_url, or set http.allow_insecure");
    }
    if (settings.public_url.empty() && (settings.listen.is_unix() || settings.listen.is_unspecified())) {
        throw config_error("public_url: it must be set, because clients do not find this service at '" +
                           settings.listen.to_string() + "'");
    }
}

settings load_settings(const std::optional<std::filesystem::path>& file, const given_options& options) {
    settings loaded;
    if (file) apply_file(loaded, *file);
    apply_environment(loaded);
    for (const auto& [key, value] : options) {
        const auto* setting = find_setting(key);
        apply(loaded, *setting, setting->option_name(), value);
    }
    check_settings(loaded);
    return loaded;
}

}  // namespace userinfo::programs
