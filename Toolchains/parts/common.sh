# SPDX-License-Identifier: Apache-2.0
# What the other parts share; sourced by Toolchains/run, which sets root and build.

cores="cortex-m0plus cortex-m3 cortex-m4 cortex-m7 cortex-m33 cortex-m55"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

# Runs a command quietly; shows what it wrote only if it fails. A command that calls fail ends
# here, not the whole run.
quietly() {
    local log
    log=$(mktemp)
    if ("$@") > "$log" 2>&1; then
        rm -f "$log"
    else
        local code=$?
        cat "$log" >&2
        rm -f "$log"
        return $code
    fi
}

# The triple whose Embedded Swift modules serve a core.
triple_of() {
    case $1 in
        cortex-m0plus) echo armv6m-none-none-eabi ;;
        *) echo armv7em-none-none-eabi ;;
    esac
}

# A field of a board: machine, core, toolset or pool.
board_field() {
    sed -n "s/^$2=//p" "$root/Firmware/Boards/$1/board.env"
}

# The core that a board's images are built for.
toolset_of() {
    local toolset
    toolset=$(board_field "$1" toolset)
    echo "${toolset:-$(board_field "$1" core)}"
}

boards() {
    local folder
    for folder in "$root"/Firmware/Boards/*/; do basename "$folder"; done
}

# Those with memory for any model and its test data.
boards_with_pool() {
    local board
    for board in $(boards); do
        [ "$(board_field "$board" pool)" = none ] || echo "$board"
    done
}

# Flags that compilers need for a core; nofp leaves the M55 its integer vectors.
core_flags() {
    case $1 in
        cortex-m55) echo "-mcpu=cortex-m55+nofp -mthumb -mfloat-abi=softfp" ;;
        *) echo "-mcpu=$1 -mthumb -mfloat-abi=soft" ;;
    esac
}

# Runs an image on an emulated board: emulate BOARD IMAGE [QEMU option...] [-- argument...]
emulate() {
    local board=$1 image=$2 semihosting=enable=on,target=native
    local options=()
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    [ $# -gt 0 ] && shift
    semihosting+=,arg=$(basename "$image")
    while [ $# -gt 0 ]; do
        semihosting+=,arg=$1
        shift
    done
    timeout "${KWS_QEMU_SECONDS:-300}" qemu-system-arm -M "$(board_field "$board" machine)" \
        -display none -monitor none -serial none -semihosting-config "$semihosting" \
        "${options[@]}" -kernel "$image" < /dev/null
}
