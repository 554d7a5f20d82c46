# How ./dev runs the test suites and counts their results. Sourced by dev.

results=build/results
fuzz_seconds=60  # for all targets together
axe_version=4.10.2

run_tests() {
    local suites=("$@") compiled=() targets=() fuzz='' tsan='' docker='' system=() name
    [ $# -gt 0 ] || suites=(unit contract fuzz tsan system browser cluster faults timing page_timing)
    for name in "${suites[@]}"; do
        case $name in
            unit | contract) compiled+=("$name") targets+=("${name}_tests") ;;
            fuzz) fuzz=1 targets+=(fuzz_tests) ;;
            tsan) tsan=1 ;;
            system | apart | browser | pictures | cluster | faults | long_faults | timing | page_timing | crowd) system+=("$name") ;;
            docker) docker=1 ;;
            *) die "there is no suite '$name', only unit, contract, fuzz, tsan, system, apart, browser, pictures, cluster, faults, long_faults, timing, page_timing, crowd and docker" 2 ;;
        esac
    done
    stage packages need "${build_packages[@]}" "${test_packages[@]}" "${cluster_packages[@]}"
    rm -rf "$results"
    mkdir -p "$results"

    # A suite whose build failed leaves no results, and so counts as failed.
    if [ ${#targets[@]} -gt 0 ]; then
        stage 'build asan' build asan "${targets[@]}" || compiled=() fuzz=''
    fi
    # These wait for much of their time, so they run beside the next builds.
    compiled_suites "${compiled[@]}" >"$results/compiled.log" 2>&1 &
    if [ -n "$tsan" ]; then
        stage 'build tsan' build tsan concurrency_tests || tsan=''
    fi
    if [ ${#system[@]} -gt 0 ]; then
        stage 'build release' build release userinfo || system=()
    fi
    wait
    cat "$results/compiled.log"
    if [ -n "$tsan" ]; then stage tsan tsan_suite; fi
    if [ -n "$fuzz" ]; then stage fuzz fuzz_suite; fi
    for name in "${system[@]}"; do stage "$name" "${name}_suite"; done
    if [ -n "$docker" ]; then stage docker docker_suite; fi

    tools/count_tests "$results" "${suites[@]}"
}

compiled_suites() {
    local name beside
    for name in "$@"; do
        beside=()
        # The stores and caches run on the servers that a cluster has.
        [ "$name" != contract ] || beside=(tools/with_servers redis mariadb etcd --)
        stage "$name" suite "$name" "${beside[@]}" timeout --kill-after=10 600 \
            "build/asan/test/${name}_tests" --gtest_brief=1 --gtest_output="xml:$results/$name.xml"
    done
}

# A race ends the program at once, and so fails the suite.
tsan_suite() {
    TSAN_OPTIONS="halt_on_error=1:second_deadlock_stack=1" \
        suite tsan tools/with_servers redis -- timeout --kill-after=10 600 \
        build/tsan/test/concurrency_tests --gtest_brief=1 --gtest_output="xml:$results/tsan.xml"
}

fuzz_suite() {
    suite fuzz timeout --kill-after=10 600 tools/run_fuzzers "$fuzz_folder" "$fuzz_seconds" "$results/fuzz.xml"
}

system_suite() { whole_system system -n 2 -m 'not alone and not clustered'; }

# The same tests, with the program as a gateway and a service.
apart_suite() { USERINFO_ROLES=apart whole_system apart -n 2 -m 'not alone and not clustered'; }

# The same tests, through nginx and on the servers of a cluster.
cluster_suite() {
    USERINFO_ROLES=cluster whole_system cluster -n 2 -m 'not alone and not embedded and not listener'
}

# Parts of a whole cluster die, hang and restart under load.
faults_suite() { whole_cluster faults 'not slow'; }

# Those that wait longest. By name only.
long_faults_suite() { whole_cluster long_faults slow; }

whole_cluster() {
    local name=$1 which=$2
    USERINFO_PROGRAM=$PWD/$program suite "$name" timeout --foreground --signal=INT --kill-after=60 900 \
        /usr/bin/python3 -m pytest -q -m "$which" --junitxml="$results/$name.xml" test/cluster
}

# The web pages, in Chromium.
browser_suite() {
    get_axe || true # its tests fail without it
    in_browsers browser -n 2 -m 'not alone' --ignore test/browser/test_pictures.py test/browser
}

# Makes the pictures of docs/pages anew. By name only: they change with each day that they show.
pictures_suite() {
    need "${picture_packages[@]}"
    USERINFO_PICTURES=$PWD/docs/pages in_browsers pictures test/browser/test_pictures.py
    pngquant --force --ext .png --quality 70-95 --strip docs/pages/*.png
}

# in_browsers NAME ARG...
in_browsers() {
    local name=$1
    shift
    USERINFO_PROGRAM=$PWD/$program suite "$name" timeout --foreground --signal=INT --kill-after=60 600 \
        /usr/bin/python3 -m pytest -q --junitxml="$results/$name.xml" "$@"
}

# axe-core is not in Debian, and is asked of npm where that is installed; without npm its tests are skipped.
get_axe() {
    if [ -e build/axe/node_modules/axe-core/axe.min.js ] || ! command -v npm >/dev/null; then return 0; fi
    npm install --prefix build/axe --no-save --no-audit --no-fund --ignore-scripts --silent "axe-core@$axe_version"
}

# What is compared by its time runs with nothing beside it.
timing_suite() { whole_system timing -m alone; }
page_timing_suite() { in_browsers page_timing -m alone test/browser; }

# Log-ins from many sources at once. By name only: it takes both cores of a machine for half a minute to be of use.
crowd_suite() {
    USERINFO_PROGRAM=$PWD/$program suite crowd timeout --foreground --signal=INT --kill-after=30 90 \
        /usr/bin/python3 -m pytest -q -s --junitxml="$results/crowd.xml" test/crowd
}

# All roles and servers in containers. Not among the default suites: it needs Docker, and builds its images for minutes.
docker_suite() {
    suite docker timeout --foreground --signal=INT --kill-after=120 2400 \
        /usr/bin/python3 -m pytest -q --junitxml="$results/docker.xml" test/docker
}

# whole_system NAME ARG...: pytest over the program. An interrupted one still stops the programs that it started.
whole_system() {
    local name=$1 beside=()
    shift
    [ "$name" != cluster ] || beside=(tools/with_servers redis mariadb --)
    USERINFO_PROGRAM=$PWD/$program suite "$name" "${beside[@]}" timeout --foreground --signal=INT --kill-after=60 900 \
        /usr/bin/python3 -m pytest -q "$@" --junitxml="$results/$name.xml" test/integration
}

# suite NAME COMMAND...: leaves the exit status beside the JUnit file that the command writes.
suite() {
    local name=$1 status=0
    shift
    "$@" || status=$?
    echo $status >"$results/$name.status"
}
