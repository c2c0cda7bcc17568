/* SPDX-License-Identifier: Apache-2.0
 *
 * Code whose instructions anybody can count by reading; the comments do. Built for the Cortex-M4 and M7, and
 * for the M55, where the vectors at the end are counted too. */
    .syntax unified
    .thumb

    .bss
    .global bench_marks
    .balign 4
bench_marks:
    .space 256
buffer:
    .space 64

    .section .uncounted,"ax",%progbits
    .global main
    .thumb_func
main:
    push {r4, lr}
    ldr r0, =bench_marks
    ldr r4, =buffer
    strb r0, [r0, #0]
    bl loop
    ldr r0, =bench_marks
    strb r0, [r0, #1]
    bl each
    ldr r0, =bench_marks
    strb r0, [r0, #2]
    bl each
    ldr r0, =bench_marks
    strb r0, [r0, #2]
#ifdef __ARM_FEATURE_MVE
    bl vectors
    ldr r0, =bench_marks
    strb r0, [r0, #3]
#endif
    movs r0, #0
    pop {r4, pc}
    .pool

    .text
    .thumb_func
loop: /* 802 instructions: 2 + 8 * 100; load 100, store 100, multiply 100, alu 401, branch 101 */
    movs r0, #100
again: /* cycles on the M4: 11 a time, 2 more for each of 99 taken branches; 1300 + 1 + 3 in all */
    ldm r4, {r1, r2, r3}
    str r1, [r4, #16]
    smlad r1, r2, r3, r1
    sxtb16 r2, r2
    subs r0, #1
    it eq
    moveq r2, #1
    bne again
    bx lr

    .thumb_func
each: /* called twice: 2 intervals of 43 instructions */
    push {r5, lr}           /* store */
    ldr r0, [r4]            /* load */
    ldr.w r0, [r4, #4]      /* load */
    ldrsb r0, [r4, r0]      /* load; buffer is zero */
    ldrh r0, [r4, #2]       /* load */
    ldrd r0, r1, [r4]       /* load */
    str r0, [r4]            /* store */
    strh.w r0, [r4, #2]     /* store */
    strb r0, [r4, #3]       /* store */
    strd r0, r1, [r4, #8]   /* store */
    stm r4, {r0, r1}        /* store */
    muls r0, r1, r0         /* multiply */
    mul r0, r1, r2          /* multiply */
    mla r0, r1, r2, r3      /* multiply */
    mls r0, r1, r2, r3      /* multiply */
    smulbb r0, r1, r2       /* multiply */
    smlabt r0, r1, r2, r3   /* multiply */
    smlawb r0, r1, r2, r3   /* multiply */
    smuad r0, r1, r2        /* multiply */
    smmulr r0, r1, r2       /* multiply */
    smull r0, r1, r2, r3    /* multiply */
    umlal r0, r1, r2, r3    /* multiply */
    smlald r0, r1, r2, r3   /* multiply */
    adds r0, r1, r2         /* alu */
    movw r0, #1234          /* alu */
    and.w r0, r0, r1, lsr 4 /* alu */
    ubfx r0, r0, #4, #8     /* alu */
    ssat r0, #8, r0, asr 4  /* alu */
    pkhbt r0, r0, r1        /* alu */
    clz r0, r0              /* alu */
    rev r0, r0              /* alu */
    lsls r0, r0, #3         /* alu */
    cmp r0, r0              /* alu */
    bne out                 /* branch, not taken */
    cbz r4, out             /* branch, not taken */
    b.n next                /* branch */
next:
    bl leaf                 /* branch; 1 more alu, 1 more branch there */
    dmb                     /* other */
    nop                     /* other */
    b.w out                 /* branch */
out:
    pop {r5, pc}            /* branch: it writes PC */
    .thumb_func
leaf:
    mov r0, r1
    bx lr

#ifdef __ARM_FEATURE_MVE
    .thumb_func
vectors: /* 24 in the loop, 32 around it: vector_load 8, vector_store 6, vector_multiply 15,
          * vector_alu 15, branch 6, alu 5, store 1 */
    push {r5, lr}                  /* store */
    movs r0, #4                    /* alu */
    dls lr, r0                     /* branch */
0:  vldrb.8 q0, [r4]               /* 4 vector_load */
    vmladava.s8 r2, q0, q0         /* 4 vector_multiply */
    vadd.i8 q1, q0, q0             /* 4 vector_alu */
    vstrb.8 q1, [r4]               /* 4 vector_store */
    sub r1, r1, #1                 /* 4 alu */
    le lr, 0b                      /* 4 branch */
    vldrb.s16 q0, [r4]             /* vector_load */
    vldrw.u32 q0, [r4], #16        /* vector_load */
    vmov.i32 q1, #0                /* vector_alu */
    vldrb.u32 q2, [r4, q1]         /* vector_load */
    vstrb.16 q0, [r4]              /* vector_store */
    vld20.8 {q0, q1}, [r4]         /* vector_load */
    vst20.8 {q0, q1}, [r4]         /* vector_store */
    vmla.s8 q0, q1, r0             /* vector_multiply */
    vmul.i8 q0, q1, q2             /* vector_multiply */
    vmul.i16 q0, q1, r0            /* vector_multiply */
    vmulh.s32 q0, q1, q2           /* vector_multiply */
    vmullb.s8 q0, q1, q2           /* vector_multiply */
    vqdmulh.s32 q0, q1, q2         /* vector_multiply */
    vqrdmulh.s32 q0, q1, r0        /* vector_multiply */
    vmlaldavax.s16 r0, r1, q1, q2  /* vector_multiply */
    vrmlaldavha.s32 r0, r1, q1, q2 /* vector_multiply */
    vmladava.s16 r2, q1, q2        /* vector_multiply */
    vaddva.s32 r2, q0              /* vector_alu */
    vdup.8 q0, r0                  /* vector_alu */
    vmov q0[2], q0[0], r0, r1      /* vector_alu */
    vqrshl.s32 q0, q1              /* vector_alu */
    vqmovnb.s32 q0, q1             /* vector_alu */
    vmax.s8 q0, q1, q2             /* vector_alu */
    vmaxv.s8 r0, q1                /* vector_alu */
    vabav.s8 r0, q1, q2            /* vector_alu */
    vshllb.s8 q0, q1, #8           /* vector_alu */
    vqshrnb.s16 q0, q1, #3         /* vector_alu */
    vmlsdav.s8 r0, q1, q2          /* vector_multiply */
    pop {r5, pc}                   /* branch */
#endif
