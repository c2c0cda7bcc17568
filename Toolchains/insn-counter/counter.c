/* SPDX-License-Identifier: Apache-2.0
 *
 * A TCG plugin for qemu-system-arm that counts the instructions a Cortex-M executes, exactly, and
 * estimates their cycles. The firmware is not changed by being counted:
 *
 *   - code between two addresses (uncounted=LOW-HIGH) is never counted; the application that calls
 *     the library lies there;
 *   - a store of that code into marks[n] (marks=LOW-HIGH) ends an interval and adds what has
 *     been counted since the last mark to region n. Region 0 is thrown away.
 *
 * Options: out=FILE, table=FILE and core=NAME (the column of cycles.tsv), uncounted, marks,
 * histogram=FILE (per region: region, address, executions). An instruction in an IT block counts
 * even if its condition fails, as it does on hardware; an MVE instruction counts once.
 *
 * Blocks are counted when they begin. That is exact as long as none is left in its middle, which
 * a second count, instruction by instruction, checks; the report ends with "check ok".
 */
#include "qemu_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"

PLUGIN_EXPORT int qemu_plugin_version = PLUGIN_VERSION;
PLUGIN_EXPORT int qemu_plugin_install(plugin_id id, const plugin_machine *machine, int argc,
                                      char **argv);

#define REGIONS 256
#define BLOCK_MAX 512 /* instructions; QEMU's own limit */

/* What was executed: between two marks, or in a region over all of its intervals. */
typedef struct tally {
    uint64_t instructions, groups[GROUPS];
    double   cycles;
} tally;

typedef struct region {
    tally    sum;
    uint64_t intervals, worst_instructions;
    double   worst_cycles;
} region;

/* A translated block. */
typedef struct block {
    struct block *next; /* of all blocks */
    uint32_t      begin, end;
    bool          ends_in_condition;
    tally         once;      /* what one execution adds */
    uint64_t      since;     /* executions since the last mark */
    uint32_t     *addresses; /* of its instructions, and executions by region: for histograms */
    uint64_t     *executions;
} block;

typedef struct range {
    uint64_t low, high;
} range;

static region   regions[REGIONS];
static tally    open; /* since the last mark */
static block   *blocks;
static block   *last; /* executed; NULL if it is not counted */
static timing   costs;
static bool     has_costs;
static range    uncounted, marks;
static uint64_t executed, counted; /* one by one, and by block: must be equal */
static FILE    *report, *histogram;

static bool contains(range range, uint64_t address)
{
    return address >= range.low && address < range.high;
}

static void close_interval(unsigned number)
{
    region *region = &regions[number];
    if (number != 0) {
        region->intervals++;
        region->sum.instructions += open.instructions;
        region->sum.cycles += open.cycles;
        for (unsigned g = 0; g < GROUPS; g++)
            region->sum.groups[g] += open.groups[g];
        if (open.instructions > region->worst_instructions)
            region->worst_instructions = open.instructions;
        if (open.cycles > region->worst_cycles)
            region->worst_cycles = open.cycles;
    }
    counted += open.instructions;
    memset(&open, 0, sizeof open);
    for (block *b = histogram != NULL ? blocks : NULL; b != NULL; b = b->next) {
        b->executions[number] += b->since;
        b->since = 0;
    }
}

static void on_store(unsigned core, plugin_memory memory, uint64_t address, void *data)
{
    (void)core, (void)data;
    if (qemu_plugin_mem_is_store(memory) && contains(marks, address))
        close_interval((unsigned)(address - marks.low));
}

static void on_uncounted(unsigned core, void *data)
{
    (void)core, (void)data;
    last = NULL;
}

static void on_block(unsigned core, void *data)
{
    block *const b = data;
    (void)core;
    if (last != NULL && last->ends_in_condition && b->begin != last->end)
        open.cycles += costs.cost[COST_TAKEN];
    open.instructions += b->once.instructions;
    open.cycles += b->once.cycles;
    for (unsigned g = 0; g < GROUPS; g++)
        open.groups[g] += b->once.groups[g];
    b->since++;
    last = b;
}

static void *zeroed(size_t count, size_t size)
{
    void *const memory = calloc(count, size);
    if (memory == NULL) {
        fprintf(stderr, "insn-counter: out of memory\n");
        abort();
    }
    return memory;
}

/* A mark is a store of the application. */
static void watch(struct qemu_plugin_tb *tb)
{
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++)
        qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(tb, i), on_store,
                                         PLUGIN_NO_REGISTERS, PLUGIN_WRITES, NULL);
    qemu_plugin_register_vcpu_tb_exec_cb(tb, on_uncounted, PLUGIN_NO_REGISTERS, NULL);
}

static void on_translate(plugin_id id, struct qemu_plugin_tb *tb)
{
    static instruction run[BLOCK_MAX];
    const size_t       count = qemu_plugin_tb_n_insns(tb);
    (void)id;
    if (contains(uncounted, qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0)))) {
        watch(tb);
        return;
    }
    block *const b = zeroed(1, sizeof *b);
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *const insn = qemu_plugin_tb_get_insn(tb, i);
        run[i] = classify((uint32_t)qemu_plugin_insn_vaddr(insn), qemu_plugin_insn_data(insn));
        b->once.groups[group_of(run[i].kind)]++;
        qemu_plugin_register_vcpu_insn_exec_inline(insn, PLUGIN_INLINE_ADD_U64, &executed, 1);
    }
    b->begin = run[0].address;
    b->end = run[count - 1].address + run[count - 1].bytes;
    b->ends_in_condition = run[count - 1].kind == BRANCH_IF;
    b->once.instructions = count;
    if (has_costs)
        b->once.cycles = timing_of(&costs, run, (unsigned)count);
    if (histogram != NULL) {
        b->executions = zeroed(REGIONS, sizeof *b->executions);
        b->addresses = zeroed(count, sizeof *b->addresses);
        for (size_t i = 0; i < count; i++)
            b->addresses[i] = run[i].address;
    }
    b->next = blocks;
    blocks = b;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, PLUGIN_NO_REGISTERS, b);
}

static void write_histogram(void)
{
    for (const block *b = blocks; b != NULL; b = b->next)
        for (unsigned r = 1; r < REGIONS; r++)
            for (uint64_t i = 0; b->executions[r] != 0 && i < b->once.instructions; i++)
                fprintf(histogram, "%u %08x %llu\n", r, b->addresses[i],
                        (unsigned long long)b->executions[r]);
    fclose(histogram);
}

static void on_exit_of_machine(plugin_id id, void *data)
{
    (void)id, (void)data;
    close_interval(0);
    for (unsigned r = 1; r < REGIONS; r++) {
        const region *const region = &regions[r];
        if (region->intervals == 0)
            continue;
        fprintf(report, "region %u intervals %llu instructions %llu cycles %.0f", r,
                (unsigned long long)region->intervals, (unsigned long long)region->sum.instructions,
                region->sum.cycles);
        fprintf(report, " worst_instructions %llu worst_cycles %.0f",
                (unsigned long long)region->worst_instructions, region->worst_cycles);
        for (unsigned g = 0; g < GROUPS; g++)
            fprintf(report, " %s %llu", group_names[g], (unsigned long long)region->sum.groups[g]);
        fputc('\n', report);
    }
    fprintf(report, "check %s\n", executed == counted ? "ok" : "failed");
    fclose(report);
    if (histogram != NULL)
        write_histogram();
}

/* If the argument is NAME=VALUE, its value. */
static char *value_of(char *argument, const char *name)
{
    const size_t length = strlen(name);
    return strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1
                                                                           : NULL;
}

static bool read_range(range *range, const char *text)
{
    char *rest;
    range->low = strtoull(text, &rest, 16);
    if (*rest != '-')
        return false;
    range->high = strtoull(rest + 1, &rest, 16);
    return *rest == '\0' && range->low <= range->high;
}

int qemu_plugin_install(plugin_id id, const plugin_machine *machine, int argc, char **argv)
{
    const char *table = NULL, *core = NULL;
    (void)machine;
    for (int i = 0; i < argc; i++) {
        char *value;
        bool  good = true;
        if ((value = value_of(argv[i], "out")) != NULL)
            good = (report = fopen(value, "w")) != NULL;
        else if ((value = value_of(argv[i], "histogram")) != NULL)
            good = (histogram = fopen(value, "w")) != NULL;
        else if ((value = value_of(argv[i], "table")) != NULL)
            table = value;
        else if ((value = value_of(argv[i], "core")) != NULL)
            core = value;
        else if ((value = value_of(argv[i], "uncounted")) != NULL)
            good = read_range(&uncounted, value);
        else if ((value = value_of(argv[i], "marks")) != NULL)
            good = read_range(&marks, value) && marks.high - marks.low <= REGIONS;
        else
            good = false;
        if (!good) {
            fprintf(stderr, "insn-counter: bad option %s\n", argv[i]);
            return -1;
        }
    }
    if (report == NULL)
        report = stdout;
    if (table != NULL && core != NULL) {
        if (!timing_read(&costs, table, core))
            return -1;
        has_costs = true;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
    qemu_plugin_register_atexit_cb(id, on_exit_of_machine, NULL);
    return 0;
}
