# What each verb of ./dev needs from Debian 12, and how it gets there. Sourced by dev.

build_packages=(
    clang-19 lld-19 cmake ninja-build pkgconf
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libcli11-dev libfmt-dev libhiredis-dev libidn2-dev libsodium-dev
    libgrpc++-dev libnghttp2-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
    libmariadb-dev libsqlite3-dev libsqlitecpp-dev libssl-dev libutf8proc-dev libyaml-cpp-dev prometheus-cpp-dev
    python3         # makes the web pages part of the program
    python3-zxcvbn  # its list of common passwords becomes the block list
)
# What the program needs on a machine that only runs it; deploy/docker/Dockerfile proves that it is enough.
runtime_packages=(
    libboost-json1.81.0 libboost-url1.81.0 libfmt9 libgrpc++1.51 libhiredis0.14 libidn2-0 libmariadb3 libnghttp2-14 libprometheus-cpp-core1.0
    libprotobuf32 libsodium23 libsqlite3-0 libssl3 libutf8proc2 libyaml-cpp0.7
)
test_packages=(
    binutils ccache libclang-rt-19-dev libgtest-dev
    llvm-19  # its symbolizer names functions and lines in the sanitizers' reports
    python3-pytest python3-pytest-xdist python3-cryptography python3-grpcio python3-jwt python3-protobuf python3-requests
    python3-yaml
    curl wrk  # the load of clients of the reference system
    chromium chromium-driver fonts-dejavu-core fonts-wqy-microhei python3-selenium
    nginx  # a proxy that compresses, in front of the pages
    prometheus  # its promtool checks the metrics
)
picture_packages=(pngquant)
cluster_packages=(etcd-client etcd-server mariadb-backup mariadb-server nginx openssl python3 redis-server)
lint_packages=(clang-format-19 clang-tidy-19 pyflakes3 python3)
bench_packages=(nginx python3 wrk)

# need PACKAGE...: installs those that are missing; when none is, apt is not asked.
need() {
    local missing
    mapfile -t missing < <(printf '%s\n' "$@" | sort -u | comm -23 - <(installed "$@"))
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "this is not Debian 12: no apt-get to install ${missing[*]}"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || die "root or sudo is needed to install ${missing[*]}"
    echo "dev: installing ${missing[*]}"
    # A source of packages that is not ours may be out of order: what counts is whether the next step succeeds.
    as_root apt-get update -qq || true
    without_starting_servers as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

installed() {
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian starts a server as soon as its package is there (nginx on port 80), unless this file forbids it.
without_starting_servers() (
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap 'as_root rm -f $policy' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
        as_root chmod 755 $policy
    fi
    "$@"
)
