/* SPDX-License-Identifier: Apache-2.0
 *
 * classify.h - what a Thumb instruction does, as far as counting and timing need it.
 */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Kinds of instructions that some core times differently. */
typedef enum kind {
    ALU,
    MULTIPLY,          /* 32-bit result: MUL, SMULxy, SMUAD, SMMUL */
    MULTIPLY_ADD,      /* the same with an addition: MLA, MLS, SMLAxy, SMLAWy, SMLAD, SMMLA */
    LONG_MULTIPLY,     /* 64-bit result: SMULL, UMULL */
    LONG_MULTIPLY_ADD, /* SMLAL, UMLAL, UMAAL, SMLALD */
    DIVIDE,
    LOAD, /* one register */
    STORE,
    LOAD_MULTIPLE, /* LDM, POP, LDRD */
    STORE_MULTIPLE,
    BRANCH_IF, /* B<cond>, CBZ */
    JUMP,      /* B */
    CALL,      /* BL */
    JUMP_REGISTER,
    LOAD_JUMP, /* POP, LDM and LDR to PC */
    TABLE_BRANCH,
    LOOP_START, /* DLS, WLS and with tail predication */
    LOOP_END,   /* LE, LETP */
    VECTOR_LOAD,
    VECTOR_STORE,
    VECTOR_MULTIPLY,
    VECTOR_ALU, /* and moves between vector and core registers */
    SYSTEM,     /* MSR, barriers, hints, BKPT, and what no row of the tables names */
    KINDS
} kind;

/* What a report tells apart. */
typedef enum group {
    GROUP_LOAD,
    GROUP_STORE,
    GROUP_MULTIPLY,
    GROUP_ALU,
    GROUP_BRANCH,
    GROUP_VECTOR_LOAD,
    GROUP_VECTOR_STORE,
    GROUP_VECTOR_MULTIPLY,
    GROUP_VECTOR_ALU,
    GROUP_OTHER,
    GROUPS
} group;

extern const char *const group_names[GROUPS];

typedef struct instruction {
    uint32_t address;
    uint8_t  bytes; /* 2 or 4 */
    uint8_t  kind;
    uint8_t  registers; /* that a multiple load or store moves; else 1 */
} instruction;

/* The instruction at an address; code has at least two bytes there, four if the first says so. */
instruction classify(uint32_t address, const uint8_t *code);

group group_of(kind kind);

#endif
