#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Goal: libkws.a is freestanding integer code on every core, whatever the compiler. Method: it is
# compiled for three cores with the ARM compilers that are there and read: Toolchains/check-archive
# accepts it, no floating-point (moves included), 64-bit product or division instruction occurs, and
# no function takes more stack than inner.h allows.
#
#     check_archive.sh ROOT          exit 0: fine, 1: not, 77: no ARM compiler or binutils here
#
# CLANG names a clang with ARM targets; else the one beside `swift`, or that in the path.
set -u
root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
builds=0
stack_max=$(sed -n 's/^#define KWS_KERNEL_STACK \([0-9]*\)$/\1/p' "$root/Sources/CKWS/inner.h")
flags=(-std=c11 -ffreestanding -fno-pic -fomit-frame-pointer -ffunction-sections -fdata-sections
    -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror -I "$root/Include")

fail() {
    echo "FAIL $label: $1"
    failures=$((failures + 1))
}

command -v arm-none-eabi-ar > /dev/null || {
    echo "skipped: no arm-none-eabi-ar"
    exit 77
}

# Reads the objects with the tools in $nm and $objdump.
inspect() {
    local forbidden
    rm -f "$work/libkws.a"
    arm-none-eabi-ar rcs "$work/libkws.a" "$work"/*.o &&
        "$root/Toolchains/check-archive" "$work/libkws.a" || fail "see above"
    "$objdump" -d "$work"/*.o > "$work/code" || fail "$objdump does not run"
    [ "$(wc -l < "$work/code")" -gt 2000 ] || fail "hardly any code"
    forbidden=$(awk -F'\t' '/^ *[0-9a-f]+:/ { for (i = 2; i <= NF; i++) { split($i, w, " ")
            if (w[1] ~ /^(v[a-z]|[us]div|[us]mull|[us]mlal)/) print w[1] } }' "$work/code" | sort -u)
    [ -z "$forbidden" ] || fail "instructions: $(echo $forbidden)"
    awk -F'\t' -v most="$stack_max" '$2 > most || $3 != "static" { print }' "$work"/*.su \
        > "$work/deep"
    [ ! -s "$work/deep" ] || fail "stack: $(cat "$work/deep")"
    text=$("$nm" --print-size "$work"/*.o |
        awk '$3 ~ /^[tTrR]$/ { print $2 }' | while read -r hex; do echo $((16#$hex)); done |
        awk '{ sum += $1 } END { print sum }')
    deepest=$(awk -F'\t' '$2 > d { d = $2 } END { print d }' "$work"/*.su)
    echo "$label: $text bytes of code and constants, deepest function $deepest bytes of stack"
}

# compile LABEL COMMAND...: all sources with one compiler and one level.
compile() {
    label=$1
    shift
    rm -f "$work"/*.o "$work"/*.su
    for source in "$root"/Sources/CKWS/*.c; do
        "$@" "${flags[@]}" -fstack-usage -c "$source" -o "$work/$(basename "$source" .c).o" ||
            { fail "$source does not compile"; return; }
    done
    builds=$((builds + 1))
    inspect
}

for tool in "${CLANG:-}" "$(dirname "$(readlink -f "$(command -v swift)" 2>/dev/null)")/clang" \
    "$(command -v clang)"; do
    if [ -x "$tool" ] && "$tool" --print-targets 2>/dev/null | grep -q thumb; then
        nm=$(dirname "$(readlink -f "$tool")")/llvm-nm
        objdump=$(dirname "$(readlink -f "$tool")")/llvm-objdump
        [ -x "$nm" ] || nm=arm-none-eabi-nm
        [ -x "$objdump" ] || objdump=arm-none-eabi-objdump
        for level in -Os -O2; do
            compile "clang cortex-m0plus $level" "$tool" --target=thumbv6m-none-eabi \
                -mcpu=cortex-m0plus $level
            compile "clang cortex-m3 $level" "$tool" --target=thumbv7m-none-eabi \
                -mcpu=cortex-m3 $level
            compile "clang cortex-m4 $level" "$tool" --target=thumbv7em-none-eabihf \
                -mcpu=cortex-m4 $level
        done
        break
    fi
done
if command -v arm-none-eabi-gcc > /dev/null; then
    nm=arm-none-eabi-nm
    objdump=arm-none-eabi-objdump
    for level in -Os -O2; do
        compile "gcc cortex-m0plus $level" arm-none-eabi-gcc -mcpu=cortex-m0plus -mthumb $level
        compile "gcc cortex-m3 $level" arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb $level
        compile "gcc cortex-m4 $level" arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb \
            -mfloat-abi=hard -mfpu=fpv4-sp-d16 $level
    done
fi
if [ "$builds" -eq 0 ] && [ "$failures" -eq 0 ]; then
    echo "skipped: neither arm-none-eabi-gcc nor a clang with ARM targets"
    exit 77
fi
[ "$failures" -eq 0 ]
