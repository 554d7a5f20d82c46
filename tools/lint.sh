# How ./dev checks the sources without running them. Sourced by dev.

run_lint() {
    local files=changed_sources
    case ${1:-} in
        '') ;;
        --all) files=compiled_sources ;;
        *) die "lint takes --all, or nothing" 2 ;;
    esac
    stage packages need "${build_packages[@]}" "${test_packages[@]}" "${lint_packages[@]}"
    stage format check_format
    stage arrows check_arrows
    stage references check_references
    stage sentences check_sentences
    stage python check_python
    stage 'generated headers' build lint generated_headers
    stage clang-tidy tidy "$files"
}

sources() {
    find src test bench -name '*.h' -o -name '*.cpp'
}

compiled_sources() {
    find src test bench -name '*.cpp'
}

check_format() {
    sources | xargs clang-format-19 --dry-run -Werror
}

check_arrows() {
    tools/check_arrows --self-test && tools/check_arrows
}

check_references() {
    tools/check_references --self-test && tools/check_references
}

check_sentences() {
    tools/check_sentences --self-test && tools/check_sentences
}

# Undefined names, and what is imported or assigned and not used.
check_python() {
    { find bench deploy test -name '*.py' && grep -l '^#!.*python' tools/*; } | xargs pyflakes3
}

# The checks in .clang-tidy cost little: some 3 s for a file of the program, which is all of them in 3 minutes on two cores.
# The tests' files take longer than CI may, so it looks at the program's files that changed; --all takes the tests, too.
tidy() {
    "$1" | xargs -r -P "$(nproc)" -n 1 clang-tidy-19 -p build/lint --quiet 2>&1 |
        { grep -v ' warnings\? generated\.$' || true; }
}

# The files of the program to compile that differ from the base. A header is seen through one file that includes it.
changed_sources() {
    local base file
    base=$(base_commit) || { compiled_sources; return; }
    { git diff --name-only "$base" && git ls-files --others --exclude-standard; } | while read -r file; do
        case $file in
            src/*.cpp | bench/*.cpp) [ ! -e "$file" ] || echo "$file" ;;
            src/*.h) { find src -name '*.cpp' | xargs grep -l "#include \"${file#src/}\"" || true; } | sed -n 1p ;;
        esac
    done | sort -u
}

# Where the branch left main; on main itself, the commit before. Fails if there is none.
base_commit() {
    local main base
    main=$(git rev-parse --verify --quiet origin/main || echo main)
    base=$(git merge-base HEAD "$main") || return
    if [ "$base" != "$(git rev-parse HEAD)" ]; then echo "$base"; else git rev-parse --verify --quiet HEAD~1; fi
}
