/* SPDX-License-Identifier: Apache-2.0 */
#include "timing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[COSTS] = {
    "alu",
    "multiply",
    "multiply_add",
    "long_multiply",
    "long_multiply_add",
    "divide",
    "load",
    "store",
    "neighbour",
    "multiple",
    "register",
    "branch_if",
    "taken",
    "jump",
    "call",
    "jump_register",
    "load_jump",
    "table_branch",
    "loop",
    "vector",
    "vector_overlapped",
    "system",
    "width",
};

bool timing_read(timing *timing, const char *path, const char *core)
{
    char     line[512];
    unsigned column = 0, rows = 0;
    FILE    *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(stderr, "insn-counter: cannot open %s\n", path);
        return false;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned    field = 0;
        const char *row = NULL;
        if (line[0] == '#')
            continue;
        for (char *word = strtok(line, "\t\n"); word != NULL; word = strtok(NULL, "\t\n")) {
            if (field == 0)
                row = word;
            else if (column == 0 && strcmp(row, "cost") == 0 && strcmp(word, core) == 0)
                column = field;
            else if (column != 0 && field == column)
                for (unsigned i = 0; i < COSTS; i++)
                    if (strcmp(row, names[i]) == 0) {
                        timing->cost[i] = atof(word);
                        rows++;
                    }
            field++;
        }
    }
    fclose(file);
    if (rows != COSTS)
        fprintf(stderr, "insn-counter: %s has %u of %u costs of %s\n", path, rows, COSTS, core);
    return rows == COSTS;
}

static bool is_memory(kind kind)
{
    return (kind >= LOAD && kind <= STORE_MULTIPLE) || kind == LOAD_JUMP;
}

static bool is_single(kind kind)
{
    return kind == LOAD || kind == STORE;
}

static bool is_vector(kind kind)
{
    return kind >= VECTOR_LOAD && kind <= VECTOR_ALU;
}

/* The unit of the vector pipe that an instruction keeps busy. */
static unsigned vector_unit(kind kind)
{
    return kind == VECTOR_STORE ? VECTOR_LOAD : kind;
}

static double cost_of(const timing *timing, const instruction *i, const instruction *previous)
{
    const double *cost = timing->cost;
    const kind    before = previous != NULL ? previous->kind : KINDS;
    switch ((kind)i->kind) {
    case ALU:
        return cost[COST_ALU];
    case MULTIPLY:
        return cost[COST_MULTIPLY];
    case MULTIPLY_ADD:
        return cost[COST_MULTIPLY_ADD];
    case LONG_MULTIPLY:
        return cost[COST_LONG_MULTIPLY];
    case LONG_MULTIPLY_ADD:
        return cost[COST_LONG_MULTIPLY_ADD];
    case DIVIDE:
        return cost[COST_DIVIDE];
    case LOAD:
        return is_single(before) ? cost[COST_NEIGHBOUR] : cost[COST_LOAD];
    case STORE:
        return is_single(before) ? cost[COST_NEIGHBOUR] : cost[COST_STORE];
    case LOAD_MULTIPLE:
    case STORE_MULTIPLE:
        return cost[COST_MULTIPLE] + i->registers * cost[COST_REGISTER];
    case LOAD_JUMP:
        return cost[COST_MULTIPLE] + i->registers * cost[COST_REGISTER] + cost[COST_LOAD_JUMP];
    case BRANCH_IF:
        return cost[COST_BRANCH_IF];
    case JUMP:
        return cost[COST_JUMP];
    case CALL:
        return cost[COST_CALL];
    case JUMP_REGISTER:
        return cost[COST_JUMP_REGISTER];
    case TABLE_BRANCH:
        return cost[COST_TABLE_BRANCH];
    case LOOP_START:
        return cost[COST_JUMP];
    case LOOP_END:
        return cost[COST_LOOP];
    case VECTOR_LOAD:
    case VECTOR_STORE:
    case VECTOR_MULTIPLY:
    case VECTOR_ALU:
        return is_vector(before) && vector_unit(before) != vector_unit(i->kind)
                   ? cost[COST_VECTOR_OVERLAPPED]
                   : cost[COST_VECTOR];
    default:
        return cost[COST_SYSTEM];
    }
}

double timing_of(const timing *timing, const instruction *run, unsigned count)
{
    double all = 0, memory = 0, multiplier = 0;
    for (unsigned i = 0; i < count; i++) {
        const double cycles = cost_of(timing, &run[i], i > 0 ? &run[i - 1] : NULL);
        all += cycles;
        if (is_memory(run[i].kind))
            memory += cycles;
        if (group_of(run[i].kind) == GROUP_MULTIPLY || run[i].kind == DIVIDE)
            multiplier += cycles;
    }
    /* The run takes as long as its busiest resource: the issue slots, or a unit of which there is
     * one. With one slot that is the sum. */
    all /= timing->cost[COST_WIDTH];
    all = memory > all ? memory : all;
    return multiplier > all ? multiplier : all;
}
