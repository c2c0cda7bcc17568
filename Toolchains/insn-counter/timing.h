/* SPDX-License-Identifier: Apache-2.0
 *
 * timing.h - cycles of straight runs of instructions, estimated by the table in cycles.tsv.
 */
#ifndef TIMING_H
#define TIMING_H

#include "classify.h"

/* Rows of cycles.tsv, by the names in timing.c. */
typedef enum cost {
    COST_ALU,
    COST_MULTIPLY,
    COST_MULTIPLY_ADD,
    COST_LONG_MULTIPLY,
    COST_LONG_MULTIPLY_ADD,
    COST_DIVIDE,
    COST_LOAD,
    COST_STORE,
    COST_NEIGHBOUR,
    COST_MULTIPLE,
    COST_REGISTER,
    COST_BRANCH_IF,
    COST_TAKEN,
    COST_JUMP,
    COST_CALL,
    COST_JUMP_REGISTER,
    COST_LOAD_JUMP,
    COST_TABLE_BRANCH,
    COST_LOOP,
    COST_VECTOR,
    COST_VECTOR_OVERLAPPED,
    COST_SYSTEM,
    COST_WIDTH,
    COSTS
} cost;

typedef struct timing {
    double cost[COSTS];
} timing;

/* Reads the column of a core; false, with a message, if the file or the core is not there. */
bool timing_read(timing *timing, const char *path, const char *core);

/* Cycles of a run of instructions of which no branch is taken. */
double timing_of(const timing *timing, const instruction *run, unsigned count);

#endif
