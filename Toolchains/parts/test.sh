# SPDX-License-Identifier: Apache-2.0
# test: every test there is, counted; a check that cannot run counts as failed.

passed=0
failed=0
skipped=0

# check NAME COMMAND...: runs one check quietly and counts it.
check() {
    local name=$1
    shift
    if quietly "$@"; then
        passed=$((passed + 1))
        say "ok      $name"
    else
        failed=$((failed + 1))
        say "FAILED  $name"
    fi
}

# Adds up the cases of a JUnit file: count_cases FILE; fails if there is none.
count_cases() {
    [ -f "$1" ] || return 1
    local cases bad left_out
    cases=$(grep -c '<testcase' "$1" || true)
    bad=$(awk '/<testcase/ { open = 1 } /<failure|<error/ { if (open) n++; open = 0 } END { print n + 0 }' "$1")
    left_out=$(grep -c '<skipped' "$1" || true)
    [ "$cases" -gt 0 ] || return 1
    passed=$((passed + cases - bad - left_out))
    failed=$((failed + bad))
    skipped=$((skipped + left_out))
}

# The Swift tests, in release; without testable imports, so that kwsc need not be built again. A
# run that ends badly without a failed case counts as one.
test_swift() {
    local before=$failed code=0 report=$build/tests
    rm -f "$report".xml "$report"-swift-testing.xml
    swift test -c release --disable-testable-imports --xunit-output "$report.xml" >&2 || code=$?
    count_cases "$report-swift-testing.xml" || code=1
    if [ $code -ne 0 ] && [ "$failed" -eq "$before" ]; then
        failed=$((failed + 1))
        say "FAILED  swift test"
    fi
}

# The C library's own tests: cmocka under CTest.
test_c() {
    local before=$failed code=0 folder=$build/cmocka
    rm -f "$folder/report.xml"
    quietly cmake -G Ninja -S "$root/Tests/CKWSTests" -B "$folder" &&
        quietly cmake --build "$folder" &&
        ctest --test-dir "$folder" --parallel "$(nproc)" --output-on-failure --output-junit report.xml >&2 || code=$?
    count_cases "$folder/report.xml" || code=1
    if [ $code -ne 0 ] && [ "$failed" -eq "$before" ]; then
        failed=$((failed + 1))
        say "FAILED  CKWSTests"
    fi
}

# An installed libkws.a is found in each way that a CMake project may look for it.
consume() {
    local way=$1 prefix=$build/installed folder=$build/consumer-$1
    rm -rf "$folder"
    cmake -G Ninja -S "$root/Toolchains" -B "$build/host-library" &&
        cmake --build "$build/host-library" &&
        cmake --install "$build/host-library" --prefix "$prefix" &&
        PKG_CONFIG_PATH=$(echo "$prefix"/lib*/pkgconfig) cmake -G Ninja "-DWAY=$way" \
            "-DCMAKE_PREFIX_PATH=$prefix" -S "$root/Tests/PackagingTests" -B "$folder" &&
        cmake --build "$folder" && "$folder/consumer"
}

# The header compiles by itself as C99 and as C++, without a warning.
test_header() {
    printf '#include "kws_model.h"\n' > "$build/header.c"
    gcc -std=c99 -Wall -Wextra -Wpedantic -Werror -I"$root/Include" -c "$build/header.c" \
        -o "$build/header.o" &&
        clang++ -std=c++14 -Wall -Wextra -Wpedantic -Werror -I"$root/Include" -x c++ \
            -fsyntax-only "$build/header.c"
}

# A static variable in an archive must be found: the check itself is checked.
test_archive_check() {
    local folder=$build/bad-archive
    mkdir -p "$folder"
    printf 'static int n; int next(void); int next(void) { return ++n; }\n' > "$folder/bad.c"
    arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -O1 -c "$folder/bad.c" -o "$folder/bad.o"
    rm -f "$folder/libbad.a"
    arm-none-eabi-ar rcs "$folder/libbad.a" "$folder/bad.o"
    ! "$root/Toolchains/check-archive" "$folder/libbad.a"
}

run_test() {
    run_setup
    mkdir -p "$build"
    local core

    say "== Archives of libkws"
    check "headers as C99 and C++" test_header
    check "check-archive refuses a static variable" test_archive_check
    for core in $cores; do
        check "libkws.a for $core by clang" build_archive_by_clang "$core"
        check "  is pure" "$root/Toolchains/check-archive" "$(archive_by_clang "$core")"
        check "libkws.a for $core by gcc" build_archive_by_gcc "$core"
        check "  is pure" "$root/Toolchains/check-archive" "$(archive_by_gcc "$core")"
    done
    check "add_subdirectory" consume add_subdirectory
    check "find_package" consume find_package
    check "pkg-config" consume pkg_config

    say "== C library"
    test_c

    say "== Counter"
    check "counts known code of the M4" test_counter mps2-an386
    check "pairs them on the M7" test_counter mps2-an500
    check "counts known vectors of the M55" test_counter mps3-an547

    say "== Firmware"
    check "kwsc" build_kwsc
    test_firmware

    say "== Swift"
    KWS_FIRMWARE=$build/firmware test_swift

    [ "$skipped" -eq 0 ] || say "$skipped skipped"
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
