# SPDX-License-Identifier: Apache-2.0
# setup: Debian packages and the Swift toolchain.

# Debian 12's names; Ubuntu has the same ones. The second line is what a Swift toolchain itself asks
# for (https://www.swift.org/install/linux).
packages="gcc libc6-dev cmake ninja-build pkg-config
    binutils g++ git libcurl4-openssl-dev libncurses-dev libsqlite3-dev libxml2-dev tzdata zlib1g-dev
    gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm
    libcmocka-dev libopenblas-dev libsndfile1-dev libsamplerate0-dev
    espeak-ng"

missing_packages() {
    local package
    for package in $packages; do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' ||
            printf '%s ' "$package"
    done
}

check_swift() {
    local wanted found
    wanted=$(sed -n 's/^swift=//p' "$root/Toolchains/versions.env")
    command -v swift > /dev/null ||
        fail "no swift on PATH; install Swift $wanted or later from https://www.swift.org/install"
    found=$(swift --version 2> /dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' |
        head -n 1)
    [ -n "$found" ] || fail "'swift --version' does not name a version; Swift $wanted is needed"
    [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ] ||
        fail "found Swift $found; $wanted or later is needed (https://www.swift.org/install)"
}

run_setup() {
    # SwiftPM tells packages apart by their folders' names, whatever the case.
    [ "$(basename "$root" | tr '[:upper:]' '[:lower:]')" != firmware ] ||
        fail "this checkout's folder is named like the package in Firmware/; rename it"
    if command -v dpkg-query > /dev/null; then
        install_missing
    else
        say "setup: not a Debian system; these have to be there: $(echo $packages)"
    fi
    check_swift
}

install_missing() {
    local missing root_by=()
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo > /dev/null || fail "run as root: apt-get install $missing"
        root_by=(sudo)
    fi
    say "setup: installing $missing"
    # The package lists of a fresh machine are empty or old; they are fetched only if needed.
    # shellcheck disable=SC2086
    quietly "${root_by[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $missing 2> /dev/null ||
        { quietly "${root_by[@]}" apt-get update &&
            quietly "${root_by[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y --no-install-recommends $missing; }
}
