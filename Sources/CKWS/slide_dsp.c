/* SPDX-License-Identifier: Apache-2.0
 *
 * Depthwise along a row, three to five taps: two outputs a step, whose input is three pairs of
 * neighbours, of which one is loaded. SMLAD and its kin are five products in three instructions:
 *
 *     even = P0 (w0 w1) + P1 (w2 w3) + low P2 * w4     odd = high P0 * w0 + P1 (w1 w2) + P2 (w3 w4)
 *
 * Weights are 2^s as large, s = 12 - n, so that a sum is requantised by SMMLA and USAT, whose shift
 * is then always 12. In all a step is 19 instructions, 23 in slide_t32.c. A kernel of fewer taps
 * begins with zeros, which are not loaded.
 */
#include "slide_dsp.h"

#if KWS_VARIANT == KWS_PACK_DSP

#define TAPS 5u
#define SHIFT 12u    /* n + s */
#define SHIFT_MIN 4u /* 2^8 weights have 16 bits */

/* The assembly knows the offsets. Places are of a channel's first pair. */
typedef struct plan {
    uint32_t       y; /* from the pair that a step loads to its first output */
    uint32_t       pixel;
    const int16_t *multipliers;
    const int32_t *biases;
    const int8_t  *weights;
    uint32_t       scale; /* s */
    uint32_t       end;   /* the pair behind the first channel's last one */
    uint32_t       span;  /* to there from where x_code begins */
    uint32_t       weights_code, x_code, first_code; /* where to enter */
    const int16_t *multipliers_end;
} plan;

void kws_dsp_sum_slide(const plan *slide);
/* Five taps of weights, 8 bytes a tap. */
void kws_dsp_slide_weights(void);
/* Two pairs of the input: 16 bytes a pair, 4 more for its second. */
void kws_dsp_slide_x(void);
/* A first step of two outputs, or of the second one only. */
void kws_dsp_slide_two(void);
void kws_dsp_slide_one(void);

/* clang-format off */

#define LABEL(name) ".global " name "\n.type " name ", %function\n" name ":\n"

#define TAP(w) "ldrsb.w " w ", [lr], #1\n" "lsl.w " w ", " w ", r11\n"

#define PAIR(x)                                                                                    \
    "ldrb.w " x ", [r0]\n"                                                                         \
    "ldrb.w lr, [r0, r1]\n"                                                                        \
    "orr.w " x ", " x ", lr, lsl #16\n"
#define NEXT_PAIR "add.w r0, r0, r1, lsl #1\n"

#define REQUANT(acc) "smmla " acc ", " acc ", r3, r4\n" "usat " acc ", #8, " acc ", asr #12\n"

#define ODD(x0, x1, x2)                                                                            \
    "smultb lr, " x0 ", r6\n"                                                                      \
    "smlad lr, " x1 ", r7, lr\n"                                                                   \
    "smlad lr, " x2 ", r9, lr\n"                                                                   \
    REQUANT("lr")
#define EVEN(x0, x1, x2)                                                                           \
    "smuad " x0 ", " x0 ", r6\n"                                                                   \
    "smlad " x0 ", " x1 ", r8, " x0 "\n"                                                           \
    "smlabt " x0 ", " x2 ", r9, " x0 "\n"                                                          \
    REQUANT(x0)

#define LEAVE "add r0, r1\n" "strb lr, [r0, r2]\n" "add r0, r1\n" "cmp r0, r5\n"
#define STEP(x0, x1, x2)                                                                           \
    PAIR(x2)                                                                                       \
    ODD(x0, x1, x2)                                                                                \
    EVEN(x0, x1, x2)                                                                               \
    "strb " x0 ", [r0, r2]\n"                                                                      \
    LEAVE

/* r0 place of the pair to load, r1 pixel, r2 y, r3 m 2^16, r4 b 2^s, r5 end, r6-r9 w0 w1, w1 w2,
 * w2 w3, w3 w4, r10-r12 pairs, lr a sum. A bias of more than 23 bits saturates the output, be it
 * clipped to them or not: |acc m / 2^16| < 2^17. Stack: the plan. */
__attribute__((naked)) void kws_dsp_sum_slide(const plan *slide __attribute__((unused)))
{
    __asm__(
        "push {r4-r11, lr}\n"
        "sub sp, #40\n"
        "ldm r0!, {r2, r3}\n"
        "ldm.w r0, {r4-r12, lr}\n"
        "stm.w sp, {r4-r12, lr}\n"
        "mov r1, r3\n"
        "1:\n"
        "ldrd r6, r7, [sp]\n"
        "ldrsh r3, [r6], #2\n"
        "ldr r4, [r7], #4\n"
        "strd r6, r7, [sp]\n"
        "ldrd lr, r11, [sp, #8]\n"
        "lsl r3, r3, #16\n"
        "ssat r4, #23, r4\n"
        "lsl r4, r4, r11\n"
        "mov r6, #0\n"
        "mov r7, #0\n"
        "ldr pc, [sp, #24]\n"
        LABEL("kws_dsp_slide_weights")
        TAP("r6")
        TAP("r7")
        TAP("r8")
        TAP("r9")
        TAP("r10")
        "str lr, [sp, #8]\n"
        "pkhbt r6, r6, r7, lsl #16\n"
        "pkhbt r7, r7, r8, lsl #16\n"
        "pkhbt r8, r8, r9, lsl #16\n"
        "pkhbt r9, r9, r10, lsl #16\n"
        "ldrd r5, r0, [sp, #16]\n"
        "sub r0, r5, r0\n"
        "mov r10, #0\n"
        "mov r11, #0\n"
        "ldr pc, [sp, #28]\n"
        LABEL("kws_dsp_slide_x")
        PAIR("r10")
        NEXT_PAIR
        PAIR("r11")
        NEXT_PAIR
        "ldr pc, [sp, #32]\n"
        LABEL("kws_dsp_slide_one")
        PAIR("r12")
        ODD("r10", "r11", "r12")
        LEAVE
        "bne 2f\n"
        LABEL("kws_dsp_slide_two")
        STEP("r10", "r11", "r12")
        "beq 3f\n"
        "2:\n"
        STEP("r11", "r12", "r10")
        "beq 3f\n"
        STEP("r12", "r10", "r11")
        "bne kws_dsp_slide_two\n"
        "3:\n"
        "add lr, r0, #1\n"
        "str lr, [sp, #16]\n"
        "ldr lr, [sp, #36]\n"
        "ldr r3, [sp]\n"
        "cmp r3, lr\n"
        "bne.w 1b\n"
        "add sp, #40\n"
        "pop {r4-r11, pc}\n");
}

/* clang-format on */

/* Before the first column stand as many that are not as make five taps, and one more if the number
 * of outputs is odd. see slide_dsp.h */
void kws_dsp_run_slide(const kws_call *call, uint32_t r, kws_span columns)
{
    const kws_layer *layer = call->layer;
    const uint32_t   pixel = call->input->channels, taps = layer->kernel_width;
    const uint32_t   count = (uint32_t)(columns.end - columns.begin), odd = count & 1u;
    if (taps > TAPS || layer->shift < SHIFT_MIN || layer->shift > SHIFT) {
        kws_t32_run_slide(call, r, columns);
        return;
    }
    const uint32_t zeros = TAPS - taps, outside = zeros + odd;
    const uint32_t x = kws_t32_slide_x_of(call, r), y = kws_t32_slide_y_of(call, r, columns);
    const uint32_t span = (4 - (outside & ~1u) + count + odd) * pixel;
    const plan     all = {
            .y = y - x + (1u - taps) * pixel,
            .pixel = pixel,
            .multipliers = kws_multipliers(call),
            .biases = kws_biases(call),
            .weights = kws_weights(call),
            .scale = SHIFT - layer->shift,
            .end = x - (outside & 1u) * pixel + span,
            .span = span,
            .weights_code = kws_t32_code(kws_dsp_slide_weights, 8 * zeros),
            .x_code = kws_t32_code(kws_dsp_slide_x, 16 * (outside >> 1) + 4 * (outside & 1u)),
            .first_code = kws_t32_code(odd != 0 ? kws_dsp_slide_one : kws_dsp_slide_two, 0),
            .multipliers_end = kws_multipliers(call) + pixel};
    kws_dsp_sum_slide(&all);
}

#endif
