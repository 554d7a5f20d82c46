# How ./dev fuzzes one target for long. Sourced by dev. The suite `fuzz` of ./dev test runs all of them, shortly.

fuzz_folder=build/asan/test/fuzz

# run_fuzz [TARGET [SECONDS]]
run_fuzz() {
    [[ ${2:-60} =~ ^[1-9][0-9]*$ ]] || die "fuzz takes a whole number of seconds" 2
    need "${build_packages[@]}" "${test_packages[@]}"
    if [ $# -eq 0 ]; then
        build asan fuzz_tests >/dev/null && tools/run_fuzzers "$fuzz_folder"
    else
        build asan fuzz_tests && tools/run_fuzzers "$fuzz_folder" --one "$1" "${2:-60}" "build/fuzz/$1"
    fi
}
