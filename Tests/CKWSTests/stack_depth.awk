# SPDX-License-Identifier: Apache-2.0
#
# The deepest chain of calls from every function that nobody calls: bytes, and the chain. Input, in
# this order: the .su files of -fstack-usage, then what `readelf -rsW` says of all objects; compiled
# with -ffunction-sections -fdata-sections, so that the name of a section tells whose relocations it
# has. A function in a table counts as called by who names the table: more than what happens, never
# less. Kernel objects are no such tables: who names one hands it on; so are the cores of gates, which
# kws_step_multiply() calls.

FILENAME ~ /\.su$/ {
    split(FILENAME, path, "/")
    object = path[length(path)]
    sub(/\.su$/, "", object)
    split($0, field, "\t")
    sub(/.*:/, "", field[1])
    stack[object ":" field[1]] = field[2]
    next
}
$1 == "File:" {
    object = $2
    gsub(/^\.\/|\.o$/, "", object)
    from = ""
    next
}
$5 == "GLOBAL" && $7 != "UND" { home[$8] = object; next }
/^Relocation section/ {
    from = $3
    gsub(/'/, "", from)
    if (from !~ /^\.rel\.(text|rodata|data\.rel\.ro)\./) { from = ""; next }
    sub(/^\.rel\.(text|rodata|data\.rel\.ro)\./, "", from)
    from = object ":" from
    seen[from]
    next
}
$3 ~ /^R_ARM_/ && from != "" {
    to = $5
    if (to ~ /^kws_(gaps_)?gates_w[0-9]$/) {
        edges["recurrent:kws_step_multiply"] = edges["recurrent:kws_step_multiply"] " " object ":" to
        next
    }
    if (to ~ /^kws_[a-z]+_w[0-9]$/ || to ~ /^kws_features_/) next
    sub(/^\.(text|rodata|data\.rel\.ro)\./, "", to)
    edges[from] = edges[from] " " object ":" to
}

# Where a name is defined: in its own object, or in the one that exports it.
function place(node,    name) {
    if (node in stack || node in seen) return node
    name = node
    sub(/.*:/, "", name)
    return (name in home) ? home[name] ":" name : node
}

function depth(node,    to, n, i, best, d) {
    if (node in total) return total[node]
    total[node] = 0
    n = split(edges[node], to, " ")
    for (i = 1; i <= n; i++) {
        to[i] = place(to[i])
        if (to[i] == node) continue
        called[to[i]]
        d = depth(to[i])
        if (d > best) { best = d; way[node] = to[i] }
    }
    return total[node] = best + stack[node]
}

END {
    for (node in stack) depth(node)
    for (node in stack)
        if (!(node in called)) {
            chain = node
            for (next_one = way[node]; next_one != ""; next_one = way[next_one]) {
                chain = chain " > " next_one
            }
            print total[node], chain
        }
}
