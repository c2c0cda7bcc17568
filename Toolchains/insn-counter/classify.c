/* SPDX-License-Identifier: Apache-2.0 */
#include "classify.h"

#include <stddef.h>

const char *const group_names[GROUPS] = {
    "load",        "store",        "multiply",        "alu",        "branch",
    "vector_load", "vector_store", "vector_multiply", "vector_alu", "other",
};

/* A row matches if (halfword & mask) == value; the first row that matches decides. The encodings
 * are those of the Armv8-M Architecture Reference Manual (DDI 0553), chapter C2. */
typedef struct narrow_row {
    uint16_t mask, value;
    kind     kind;
} narrow_row;

static const narrow_row narrow[] = {
    {0xFF00, 0x4700, JUMP_REGISTER},  /* BX, BLX */
    {0xFF87, 0x4487, JUMP_REGISTER},  /* ADD PC, Rm */
    {0xFF87, 0x4687, JUMP_REGISTER},  /* MOV PC, Rm */
    {0xFFC0, 0x4340, MULTIPLY},       /* MULS */
    {0xF800, 0x4800, LOAD},           /* LDR literal */
    {0xFE00, 0x5600, LOAD},           /* LDRSB register */
    {0xF800, 0x5800, LOAD},           /* LDR, LDRH register */
    {0xF800, 0x5000, STORE},          /* STR, STRH register */
    {0xFC00, 0x5C00, LOAD},           /* LDRB, LDRSH register */
    {0xFE00, 0x5400, STORE},          /* STRB register */
    {0xF800, 0x6000, STORE},          /* STR immediate */
    {0xF800, 0x6800, LOAD},           /* LDR immediate */
    {0xF800, 0x7000, STORE},          /* STRB immediate */
    {0xF800, 0x7800, LOAD},           /* LDRB immediate */
    {0xF800, 0x8000, STORE},          /* STRH immediate */
    {0xF800, 0x8800, LOAD},           /* LDRH immediate */
    {0xF800, 0x9000, STORE},          /* STR to the stack */
    {0xF800, 0x9800, LOAD},           /* LDR from the stack */
    {0xFE00, 0xB400, STORE_MULTIPLE}, /* PUSH */
    {0xFF00, 0xBD00, LOAD_JUMP},      /* POP with PC */
    {0xFE00, 0xBC00, LOAD_MULTIPLE},  /* POP */
    {0xF500, 0xB100, BRANCH_IF},      /* CBZ, CBNZ */
    {0xFFE0, 0xB660, SYSTEM},         /* CPS */
    {0xFF00, 0xBE00, SYSTEM},         /* BKPT */
    {0xFF0F, 0xBF00, SYSTEM},         /* hints; other BFxx are IT */
    {0xF800, 0xC000, STORE_MULTIPLE}, /* STM */
    {0xF800, 0xC800, LOAD_MULTIPLE},  /* LDM */
    {0xFE00, 0xDE00, SYSTEM},         /* UDF, SVC */
    {0xF000, 0xD000, BRANCH_IF},      /* B<cond> */
    {0xF800, 0xE000, JUMP},           /* B */
    {0x0000, 0x0000, ALU},
};

typedef struct wide_row {
    uint16_t mask, value;   /* of the first halfword */
    uint16_t mask2, value2; /* of the second */
    kind     kind;
} wide_row;

static const wide_row wide[] = {
    /* Multiple and dual loads and stores. */
    {0xFE50, 0xE810, 0x8000, 0x8000, LOAD_JUMP}, /* LDM with PC */
    {0xFE50, 0xE810, 0, 0, LOAD_MULTIPLE},
    {0xFE50, 0xE800, 0, 0, STORE_MULTIPLE},
    {0xFFF0, 0xE8D0, 0xFFE0, 0xF000, TABLE_BRANCH},
    {0xFFF0, 0xE850, 0, 0, LOAD}, /* LDREX */
    {0xFFF0, 0xE8D0, 0, 0, LOAD}, /* LDREXB, LDA */
    {0xFFF0, 0xE840, 0, 0, STORE},
    {0xFFF0, 0xE8C0, 0, 0, STORE},
    {0xFE50, 0xE850, 0, 0, LOAD_MULTIPLE}, /* LDRD */
    {0xFE50, 0xE840, 0, 0, STORE_MULTIPLE},
    {0xFE00, 0xEA00, 0, 0, ALU}, /* shifted register; CSEL, long shifts */
    /* MVE and floating-point registers: coprocessors 10, 11, 14 and 15. */
    {0xFFA0, 0xEC00, 0, 0, VECTOR_ALU}, /* VMOV of two lanes */
    {0xEE10, 0xEC10, 0, 0, VECTOR_LOAD},
    {0xEE10, 0xEC00, 0, 0, VECTOR_STORE},
    {0xEFF3, 0xEEE2, 0x0F50, 0x0F00, VECTOR_ALU},      /* VMAXV, VMINV */
    {0xEF80, 0xEE80, 0x0F51, 0x0F01, VECTOR_ALU},      /* VABAV */
    {0xEFB1, 0xEE31, 0x0F01, 0x0E01, VECTOR_ALU},      /* VMOVN, VQMOVN, VSHLL by the size */
    {0xEF81, 0xEE81, 0x0F50, 0x0F00, VECTOR_ALU},      /* VADDV */
    {0xEF80, 0xEE80, 0x0ED0, 0x0E00, VECTOR_MULTIPLY}, /* VMLADAV, VMLALDAV, VRMLALDAVH */
    {0xEF81, 0xEE01, 0x0F00, 0x0E00, VECTOR_MULTIPLY}, /* VMLA, VMUL by scalar; VMULL, VMULH */
    {0xFF80, 0xEF00, 0x0F50, 0x0950, VECTOR_MULTIPLY}, /* VMUL */
    {0xEF80, 0xEF00, 0x0F50, 0x0B40, VECTOR_MULTIPLY}, /* VQDMULH, VQRDMULH */
    {0xEC00, 0xEC00, 0, 0, VECTOR_ALU},
    /* Branches and system; b[15] = 0 is data processing with an immediate. */
    {0xF800, 0xF000, 0x8000, 0x0000, ALU},
    {0xFFCF, 0xF00F, 0xF001, 0xC001, LOOP_END}, /* LE, LETP */
    {0xFF80, 0xF000, 0xD001, 0xC001, LOOP_START},
    {0xF800, 0xF000, 0xD000, 0xD000, CALL},
    {0xF800, 0xF000, 0xD000, 0x9000, JUMP},
    {0xFB80, 0xF380, 0xD000, 0x8000, SYSTEM}, /* MSR, MRS, barriers, hints */
    {0xF800, 0xF000, 0xD000, 0x8000, BRANCH_IF},
    {0xF800, 0xF000, 0, 0, SYSTEM},
    /* Single loads and stores. */
    {0xFFF0, 0xF8D0, 0xF000, 0xF000, LOAD_JUMP}, /* LDR PC */
    {0xFFF0, 0xF850, 0xF000, 0xF000, LOAD_JUMP},
    {0xFE10, 0xF810, 0, 0, LOAD},
    {0xFE10, 0xF800, 0, 0, STORE},
    /* Registers. */
    {0xFF00, 0xFA00, 0, 0, ALU},
    {0xFFF0, 0xFB70, 0, 0, ALU}, /* USAD8 */
    {0xFF80, 0xFB00, 0xF000, 0xF000, MULTIPLY},
    {0xFF80, 0xFB00, 0, 0, MULTIPLY_ADD},
    {0xFFD0, 0xFB90, 0, 0, DIVIDE},
    {0xFFD0, 0xFB80, 0, 0, LONG_MULTIPLY},
    {0xFF80, 0xFB80, 0, 0, LONG_MULTIPLY_ADD},
    {0x0000, 0x0000, 0, 0, SYSTEM},
};

static unsigned ones(unsigned bits)
{
    unsigned count = 0;
    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

instruction classify(uint32_t address, const uint8_t *code)
{
    const uint16_t a = (uint16_t)(code[0] | code[1] << 8);
    instruction    result = {.address = address, .bytes = 2, .registers = 1};
    if (a >> 11 < 0x1D) { /* 0b11101 and above begin a wide instruction */
        const narrow_row *row = narrow;
        while ((a & row->mask) != row->value)
            row++;
        result.kind = (uint8_t)row->kind;
        if (row->kind == LOAD_JUMP || (row->value & 0xFE00) == 0xB400)
            result.registers = (uint8_t)ones(a & 0x1FF);
        else if (row->kind == LOAD_MULTIPLE || row->kind == STORE_MULTIPLE)
            result.registers = (uint8_t)ones(a & 0xFF);
        return result;
    }
    const uint16_t  b = (uint16_t)(code[2] | code[3] << 8);
    const wide_row *row = wide;
    while ((a & row->mask) != row->value || (b & row->mask2) != row->value2)
        row++;
    result.bytes = 4;
    result.kind = (uint8_t)row->kind;
    if ((a & 0xFE40) == 0xE800)
        result.registers = (uint8_t)ones(b);
    else if (row->kind == LOAD_MULTIPLE || row->kind == STORE_MULTIPLE)
        result.registers = 2;
    return result;
}

group group_of(kind kind)
{
    switch (kind) {
    case ALU:
        return GROUP_ALU;
    case MULTIPLY:
    case MULTIPLY_ADD:
    case LONG_MULTIPLY:
    case LONG_MULTIPLY_ADD:
        return GROUP_MULTIPLY;
    case LOAD:
    case LOAD_MULTIPLE:
        return GROUP_LOAD;
    case STORE:
    case STORE_MULTIPLE:
        return GROUP_STORE;
    case BRANCH_IF:
    case JUMP:
    case CALL:
    case JUMP_REGISTER:
    case LOAD_JUMP:
    case TABLE_BRANCH:
    case LOOP_START:
    case LOOP_END:
        return GROUP_BRANCH;
    case VECTOR_LOAD:
        return GROUP_VECTOR_LOAD;
    case VECTOR_STORE:
        return GROUP_VECTOR_STORE;
    case VECTOR_MULTIPLY:
        return GROUP_VECTOR_MULTIPLY;
    case VECTOR_ALU:
        return GROUP_VECTOR_ALU;
    default:
        return GROUP_OTHER;
    }
}
