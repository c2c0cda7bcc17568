# SPDX-License-Identifier: Apache-2.0
# Images that hold one model in flash (Firmware/InFlash), and counting what they execute.

counter=$build/tools/insn-counter.so

# The plugin for QEMU that counts instructions; built when its sources have changed.
build_counter() {
    local source=$root/Toolchains/insn-counter
    mkdir -p "$build/tools"
    [ -f "$counter" ] && [ -z "$(find "$source" -newer "$counter")" ] ||
        quietly gcc -std=c11 -O2 -Wall -Wextra -Wconversion -Werror -shared -fPIC \
            -fvisibility=hidden "$source"/*.c -o "$counter"
}

# The compiler and its flags for a core: compiler_for COMPILER CORE speed|size
compiler_for() {
    local shared="-std=c11 -ffreestanding -fomit-frame-pointer -ffunction-sections -fdata-sections"
    local checks="-Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror"
    local level
    case $1-$3 in
        clang-speed) level=-O2 ;;
        gcc-speed) level=-O3 ;;
        clang-size) level=-Oz ;;
        gcc-size) level=-Os ;;
        *) fail "no archive for '$3' by '$1'; there are speed and size, by clang and gcc" ;;
    esac
    case $1 in
        clang) echo "clang --target=$(triple_of "$2") -fno-pic -fno-unwind-tables" \
            "-fno-asynchronous-unwind-tables $(core_flags "$2") $shared $checks $level" ;;
        gcc) echo "arm-none-eabi-gcc $(core_flags "$2") $shared $checks $level" ;;
    esac
}

# The library's sources of this checkout as an archive: archive_for COMPILER CORE speed|size
# Compiles what is older than its source or any header; prints the archive's path. Where
# KWS_PORTABLE is set, its kernels are those in plain C, whatever the core.
archive_for() {
    local folder=$build/in-flash/$1-$2-$3${KWS_PORTABLE:+-portable}
    local compiler source object stale=()
    mkdir -p "$folder"
    compiler="$(compiler_for "$1" "$2" "$3") ${KWS_PORTABLE:+-DKWS_PORTABLE}"
    find "$root/Include" "$root/Sources/CKWS" -name '*.h' -newer "$folder/libkws.a" 2> /dev/null |
        grep -q . && rm -f "$folder"/*.o
    for source in "$root"/Sources/CKWS/*.c; do
        object=$folder/$(basename "$source" .c).o
        [ "$object" -nt "$source" ] || stale+=("$source")
    done
    # An object without its source is of a kernel that went.
    for object in "$folder"/*.o; do
        [ -f "$root/Sources/CKWS/$(basename "$object" .o).c" ] || rm -f "$object" "$folder/libkws.a"
    done
    if [ ${#stale[@]} -gt 0 ] || [ ! -f "$folder/libkws.a" ]; then
        # shellcheck disable=SC2086
        (cd "$folder" && printf '%s\n' "${stale[@]}" |
            xargs -r -n 6 -P "$(nproc)" $compiler "-I$root/Include" "-I$root/Sources/CKWS" -c) ||
            return
        rm -f "$folder/libkws.a"
        arm-none-eabi-ar rcs "$folder/libkws.a" "$folder"/*.o
    fi
    echo "$folder/libkws.a"
}

# Names in the C files that kwsc compile wrote, without the model's own name in them.
model_header() {
    local name upper
    name=$(basename "$(echo "$1"/kws_*.h)" .h)
    upper=$(tr '[:lower:]' '[:upper:]' <<< "$name")
    printf '#include "%s.h"\n#define MODEL %s\n' "$name" "$name"
    printf '#define MODEL_SIZE %s_SIZE\n#define MODEL_FEATURES %s_FEATURES\n' "$upper" "$upper"
    printf '#define MODEL_CLASSES %s_CLASSES\n' "$upper"
}

# Links an application of Firmware/InFlash with a model:
# in_flash APPLICATION BOARD FOLDER IMAGE [COMPILER [speed|size]]
# FOLDER is what kwsc compile wrote. Beside IMAGE lies IMAGE.map.
in_flash() {
    local application=$1 board=$2 folder=$3 image=$4 by=${5:-clang} level=${6:-speed}
    local core archive scratch compiler sources
    core=$(toolset_of "$board")
    archive=$(archive_for "$by" "$core" "$level") || return
    scratch=$image.objects
    mkdir -p "$scratch"
    model_header "$folder" > "$scratch/model.h"
    compiler=$(compiler_for "$by" "$core" speed)
    sources="$root/Firmware/InFlash/$application.c $root/Firmware/InFlash/semihosting.c
        $root/Firmware/Sources/Board/startup.c $root/Firmware/Sources/Board/board.c
        $(echo "$folder"/kws_*.c)"
    # memory.c defines memcpy, which a compiler must not find in there.
    # shellcheck disable=SC2086
    (cd "$scratch" && $compiler -fno-builtin -I"$scratch" -I"$folder" -I"$root/Include" \
        -I"$root/Sources/CKWS" -I"$root/Firmware/InFlash" \
        -I"$root/Firmware/Sources/Board/include" -c $sources \
        "$root/Firmware/Sources/Board/memory.c") || return
    # shellcheck disable=SC2046
    arm-none-eabi-gcc $(core_flags "$core") -nostartfiles -nostdlib \
        -T "$root/Firmware/Boards/$board/board.ld" "-L$root/Firmware/Boards" \
        -Wl,--gc-sections -Wl,--no-warn-rwx-segments -Wl,-z,noexecstack \
        "-Wl,-Map,$image.map" "$scratch"/*.o "$archive" -lgcc -o "$image"
}

# The same for kwsc parity: in-flash APPLICATION BOARD FOLDER IMAGE [COMPILER [speed|size]]
run_in_flash() {
    in_flash "$@"
}

# The address of a symbol of an image.
symbol() {
    arm-none-eabi-nm "$1" | awk -v name="$2" '$3 == name { print $1 }'
}

# Runs a bench image under the counter: count_image BOARD IMAGE REPORT [histogram]
count_image() {
    local board=$1 image=$2 report=$3 options marks
    marks=$(symbol "$image" bench_marks)
    options="$counter,out=$report,table=$root/Toolchains/insn-counter/cycles.tsv"
    options+=,core=$(board_field "$board" core)
    options+=,uncounted=$(symbol "$image" __uncounted_start)-$(symbol "$image" __uncounted_end)
    options+=,marks=$marks-$(printf '%x' $((16#$marks + 256)))
    [ $# -lt 4 ] || options+=,histogram=$4
    emulate "$board" "$image" -plugin "$options"
}

# What kwsc bench asks for: measure BOARD FOLDER IMAGE COMPILER speed|size leaves IMAGE.counts,
# IMAGE.histogram and IMAGE.map, and prints what the image prints.
run_measure() {
    build_counter
    in_flash bench "$1" "$2" "$3" "$4" "$5"
    count_image "$1" "$3" "$3.counts" "$3.histogram"
}

# What a kernel's author looks at: counts of a compiled model, layer by layer.
run_count() {
    [ $# -ge 2 ] || fail "usage: Toolchains/run count BOARD FOLDER [clang|gcc [speed|size]]"
    local board=$1 folder=$2 by=${3:-clang} level=${4:-speed} image
    [ -f "$root/Firmware/Boards/$board/board.env" ] || fail "no board '$board'"
    image=$build/count/$(basename "$folder")-$board-$by-$level
    mkdir -p "$build/count"
    build_counter
    in_flash bench "$board" "$folder" "$image" "$by" "$level"
    count_image "$board" "$image" "$image.counts" "$image.histogram"
    awk '
        BEGIN {
            name[1] = "inference"; name[2] = "engine"; name[3] = "init"; name[4] = "push of 16"
            name[5] = "poll, idle"; name[6] = "poll, features"; name[7] = "poll, inference"
            name[8] = "frame"; name[9] = "finish"
            printf "%-16s %6s %11s %11s %9s %9s %9s %9s %9s %9s\n", "each", "times", "instructions",
                "cycles", "load", "store", "multiply", "alu", "branch", "vector"
        }
        $1 == "region" {
            for (i = 3; i < NF; i += 2) v[$i] = $(i + 1)
            r = $2; n = v["intervals"]
            if (r >= 16) n = 1 # a layer: all of its rows
            if (r == 2) n = 1
            if (r >= 16 || r == 2) sum += v["instructions"]
            if (r == 1) total = v["instructions"]
            vector = v["vector_load"] + v["vector_store"] + v["vector_multiply"]
            vector += v["vector_alu"]
            printf "%-16s %6d %11d %11d %9d %9d %9d %9d %9d %9d\n",
                (r >= 16 ? "layer " r - 16 : name[r]), v["intervals"], v["instructions"] / n,
                v["cycles"] / n, v["load"] / n, v["store"] / n, v["multiply"] / n, v["alu"] / n,
                v["branch"] / n, vector / n
        }
        $1 == "check" { print "counted twice:", $2; bad = ($2 != "ok") }
        END {
            if (sum != total) { print "layers and engine are", sum, "of", total; bad = 1 }
            exit bad
        }' "$image.counts"
    count_functions "$image"
}

# By function: means of a counted image's polls that run the network, and of the front end's frame() and
# finish().
count_functions() {
    grep -q '^region 7 ' "$1.counts" || return 0
    arm-none-eabi-nm -n "$1" | awk '
        FILENAME == "-" { # ascending addresses
            if ($3 ~ /^[A-Za-z_]/ && tolower($2) ~ /[tw]/) { start[++count] = $1; name[count] = $3 }
            next
        }
        BEGIN {
            title[7] = "poll, inference, by function"
            title[8] = "frame, by function"
            title[9] = "finish, by function"
        }
        $1 == "region" && $2 in title {
            for (i = 3; i < NF; i += 2) if ($i == "intervals") intervals[$2] = $(i + 1)
        }
        $1 in title && NF == 3 {
            low = 1; high = count + 1 # the last function that starts here or before
            while (high - low > 1) {
                middle = int((low + high) / 2)
                if (start[middle] <= $2 "") low = middle; else high = middle
            }
            sum[$1, low] += $3
            total[$1] += $3
        }
        END {
            for (r = 7; r <= 9; r++) {
                if (!(r in intervals)) continue
                printf "%-28s %9.1f\n", title[r], total[r] / intervals[r]
                for (i = 1; i <= count; i++)
                    if ((r, i) in sum)
                        printf "  %-26s %9.1f\n", name[i], sum[r, i] / intervals[r]
            }
        }' - "$1.counts" "$1.histogram"
}

# Where a region's instructions are: annotate IMAGE HISTOGRAM REGION, a disassembly with counts.
run_annotate() {
    [ $# -eq 2 ] || fail "usage: Toolchains/run annotate IMAGE REGION (layer N is region 16 + N)"
    local arch=arm
    arm-none-eabi-readelf -A "$1" | grep -q 'v8.1-M' && arch=armv8.1-m.main
    arm-none-eabi-objdump -d --no-show-raw-insn -m $arch "$1" | awk -v region="$2" '
        NR == FNR { if ($1 == region) count[$2] += $3; next }
        /^[0-9a-f]+ </ { title = $0; next }
        {
            address = $1
            sub(":", "", address)
            address = substr("00000000" address, length(address) + 1)
            if (!(address in count)) next
            if (title != "") { print title; title = "" }
            printf "%10d %s\n", count[address], $0
        }' "$1.histogram" -
}

# Runs Tests/CounterTests/known.S on a board under the counter: count_known BOARD prints the report.
count_known() {
    local board=$1 core image=$build/count/known-$1
    core=$(toolset_of "$board")
    mkdir -p "$build/count"
    build_counter || return
    # shellcheck disable=SC2046
    arm-none-eabi-gcc $(core_flags "$core") -nostdlib -ffreestanding \
        -I"$root/Firmware/Sources/Board/include" -T "$root/Firmware/Boards/$board/board.ld" \
        "-L$root/Firmware/Boards" -Wl,--no-warn-rwx-segments "$root/Tests/CounterTests/known.S" \
        "$root/Firmware/Sources/Board/startup.c" -o "$image" &&
        count_image "$board" "$image" "$image.counts" && cat "$image.counts"
}

# The counter counts what the comments in known.S say.
test_counter() {
    diff <(count_known "$1") "$root/Tests/CounterTests/$1.counts"
}
