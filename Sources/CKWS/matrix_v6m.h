/* SPDX-License-Identifier: Apache-2.0
 *
 * matrix_v6m.h - one pixel's products with blocks of 8 outputs, in assembly: what CONV, POINTWISE
 * and DENSE share on Armv6-M.
 *
 * Armv6-M has one multiplication, MULS, 32 x 32 to the low 32 bits, which overwrites a factor; its
 * byte loads are unsigned. A word W = a + 2^8 b + 2^16 c + 2^24 d of four unsigned weights, times
 * x, summed over k, is A + 2^8 B + 2^16 C + 2^24 D (mod 2^32), the four outputs' sums on top of
 * each other. Three such sums, of W, of W >> 16 and of REV16(W), hold 96 bits and determine A, B,
 * C, D of 24 bits each; so 4 products cost 3 MULS, 3 ADD and 2 shifts, not 4 LDRB, 4 MULS, 4 ADD.
 * With T1 = A + 2^8 B + 2^16 C + 2^24 D,   T2 = C + 2^8 D,   T3 = B + 2^8 A + 2^16 D + 2^24 C it
 * follows (all mod 2^32), lowest digits first: U = T1 - 2^16 T2 = A + 2^8 B;   G = T3 - 2^8 U = B +
 * 2^16 (D - B) + 2^24 C B mod 2^16 = G mod 2^16;        U - 2^8 (B mod 2^16) = A + 2^24 (B >> 16)
 *   D mod 2^16 = ((G - B) >> 16) + B - 2^8 T2 mod 2^16;   T2 - 2^8 (D mod 2^16) = C + 2^24 (D >>
 * 16)
 */
#ifndef KWS_MATRIX_V6M_H
#define KWS_MATRIX_V6M_H

#include "packed.h"

/* One pixel and the outputs of some blocks. The assembly knows the order of the fields. */
typedef struct kws_matrix {
    const uint8_t *x;      /* up to KWS_CHUNK values */
    const uint8_t *x_main; /* as the width wants it */
    const uint8_t *x_end;
    const int16_t *multipliers; /* NULL: the sums are added to y, int32 */
    const int32_t *biases;
    uint32_t       shift;
    uint8_t       *y;
    uint8_t       *y_end;
    uint32_t       start[3]; /* of the sums, on top of each other */
    const uint8_t *weights;
    uint32_t       entry; /* room for the assembly */
} kws_matrix;

/* How the weights of one width are multiplied. */
typedef struct kws_width {
    uint16_t bits;
    uint16_t chunk;    /* of K, whose sums are not too large for the assembly */
    uint16_t together; /* K is filled up to a multiple of so many */
    int32_t  centre; /* sums of v x of any chunk (at 3 bits, half a chunk) may begin with -centre */
    /* Sets x_main, and start for sums that begin with first (of the first half of a chunk, where
     * the width has halves) and second. */
    void (*begin)(kws_matrix *matrix, int32_t first, int32_t second);
    /* Blocks of 8 outputs, one behind the other, up to y_end. */
    void (*blocks)(const kws_matrix *matrix);
    /* One block of 4 outputs, or NULL. */
    void (*half)(const kws_matrix *matrix);
} kws_width;

/* Taps of the first half of a chunk of 3-bit weights. */
#define KWS_HALF_W3 32u

extern const kws_width kws_width_w8, kws_width_w4, kws_width_w3, kws_width_w2;

void kws_matrix_w8(const kws_matrix *matrix);
void kws_matrix_w8_half(const kws_matrix *matrix);
void kws_matrix_w4(const kws_matrix *matrix);
void kws_matrix_w3(const kws_matrix *matrix);
void kws_matrix_w2(const kws_matrix *matrix);

/* Bytes of the weights of so many taps and outputs. */
uint32_t kws_matrix_bytes(const kws_width *width, uint32_t taps, uint32_t outputs);

/* Taps as they are multiplied: filled up. */
static inline uint32_t kws_matrix_taps(const kws_width *width, uint32_t taps)
{
    return kws_plus(taps, width->together - 1u) & ~(width->together - 1u);
}

/* Sum of bytes. */
uint32_t kws_v6m_sum(const uint8_t *x, uint32_t count);

/* base + the sum of one output that is in no block; its v begin at stream, from a whole byte on. */
int32_t kws_v6m_single(const kws_width *width, const uint8_t *stream, const uint8_t *x,
                       uint32_t taps, int32_t base);

/* The pixels of a row. */
typedef struct kws_pixels {
    const kws_call  *call;
    const kws_width *width;
    const uint8_t   *tail; /* the weights behind those of the blocks */
    uint32_t         taps, filled;
    bool             has_rest;    /* outputs behind the blocks, or less than 8 bits */
    uint32_t         whole, four; /* outputs in blocks of 8; 4 if a block of 4 follows, else 0 */
    kws_matrix       matrix;
    /* The pixel at hand: its taps, its output with 8 bits, and what offsets take from each sum, in
     * all and of the halves of a chunk of 3-bit weights. */
    const uint8_t *x;
    uint8_t       *line;
    int32_t        base, first, second;
    int32_t        sums[8]; /* of taps of more than one chunk */
} kws_pixels;

/* It lies in scratch, for the stack is short; behind it the taps of one pixel, and behind those its
 * output, if that has less than 8 bits. */
#define KWS_PIXELS_BYTES 136u

static inline uint8_t *kws_taps_of(const kws_call *call)
{
    return (uint8_t *)call->scratch + KWS_PIXELS_BYTES;
}

uint32_t    kws_pixels_scratch(const kws_width *width, uint32_t taps, const kws_tensor *out);
kws_pixels *kws_pixels_begin(const kws_call *call, const kws_width *width, uint32_t taps);

/* All outputs of one pixel: x[0 .. taps-1], and zeros up to kws_matrix_taps(). */
void kws_pixel(kws_pixels *pixels, const uint8_t *x, uint8_t *y);

/* The assembly's macros, and where the fields are on its stack; r0: x, r1: weights, r2: one x.
 *   enter, leave        save and restore registers; the fields from r0 to the stack
 *   four w, t1, t2, t3  the three products of a word of bytes, to T1, T2, T3
 *   two w, t, r         two products: of w and of REV16(w)
 *   apart t1, t2, t3    A, B, C, D, signed numbers of 24 bits, to r4 .. r7
 *   pairs               r0 = A + 2^8 B + 2^16 C + 2^24 D and r1 = B + 2^8 A + 2^16 D + 2^24 C to
 *                       r0 = A + 2^16 C and r1 = B + 2^16 D
 *   lanes               the same to r4 .. r7 = A .. D, signed numbers of 16 bits
 *   scale acc           floor(acc * r1 / 2^16)
 *   finish acc, i, ...  adds bias i of group g, shifts and clips to 8 bits; what has to be
 *                       clipped goes through `outside`
 *   store4 g, tag       requantises r4 .. r7, outputs 4 g .. 4 g + 3 of the block, to y, or adds
 *                       them to y; what it jumps to is in `aside`
 *   next top            on to the next block, or through
 */
#define KWS_MATRIX_MACROS                                                                          \
    ".syntax unified\n"                                                                            \
    ".equ X, 0\n.equ X_MAIN, 4\n.equ X_END, 8\n.equ M, 12\n.equ B, 16\n.equ N, 20\n"               \
    ".equ Y, 24\n.equ Y_END, 28\n.equ START, 32\n.equ W, 44\n.equ ENTRY, 48\n"                     \
    ".macro enter\n"                                                                               \
    "  push {r4-r7, lr}\n"                                                                         \
    "  mov r4, r8\n  mov r5, r9\n  mov r6, r10\n  mov r7, r11\n"                                   \
    "  push {r4-r7}\n"                                                                             \
    "  movs r1, r0\n  adds r1, #28\n  ldm r1!, {r2-r7}\n  push {r2-r7}\n"                          \
    "  ldm r0!, {r1-r7}\n  push {r1-r7}\n"                                                         \
    ".endm\n"                                                                                      \
    ".macro leave\n"                                                                               \
    "  add sp, #52\n  pop {r4-r7}\n"                                                               \
    "  mov r8, r4\n  mov r9, r5\n  mov r10, r6\n  mov r11, r7\n"                                   \
    "  pop {r4-r7, pc}\n"                                                                          \
    ".endm\n"                                                                                      \
    ".macro four w, t1, t2, t3\n"                                                                  \
    "  lsrs r3, \\w, #16\n  muls r3, r2, r3\n  add \\t2, r3\n"                                     \
    "  rev16 r3, \\w\n      muls r3, r2, r3\n  add \\t3, r3\n"                                     \
    "  muls \\w, r2, \\w\n  add \\t1, \\w\n"                                                       \
    ".endm\n"                                                                                      \
    ".macro apart t1, t2, t3\n"                                                                    \
    "  mov r0, \\t1\n  mov r1, \\t2\n  mov r2, \\t3\n"                                             \
    "  lsls r3, r1, #16\n  subs r0, r0, r3\n"                                                      \
    "  lsls r3, r0, #8\n   subs r2, r2, r3\n"                                                      \
    "  uxth r5, r2\n"                                                                              \
    "  lsls r3, r5, #8\n   subs r0, r0, r3\n"                                                      \
    "  lsls r4, r0, #8\n   asrs r4, r4, #8\n"                                                      \
    "  subs r0, r0, r4\n   asrs r0, r0, #8\n  adds r5, r5, r0\n"                                   \
    "  subs r2, r2, r5\n   lsrs r2, r2, #16\n adds r2, r2, r5\n"                                   \
    "  lsls r3, r1, #8\n   subs r2, r2, r3\n  uxth r7, r2\n"                                       \
    "  lsls r3, r7, #8\n   subs r1, r1, r3\n"                                                      \
    "  lsls r6, r1, #8\n   asrs r6, r6, #8\n"                                                      \
    "  subs r1, r1, r6\n   asrs r1, r1, #8\n  adds r7, r7, r1\n"                                   \
    ".endm\n"                                                                                      \
    ".macro pairs\n"                                                                               \
    "  lsls r2, r1, #8\n   subs r2, r0, r2\n  lsls r0, r0, #8\n  subs r1, r1, r0\n"                \
    "  lsls r0, r2, #16\n  adds r0, r0, r2\n  lsls r2, r1, #16\n adds r1, r1, r2\n"                \
    ".endm\n"                                                                                      \
    ".macro lanes\n"                                                                               \
    "  pairs\n"                                                                                    \
    "  sxth r4, r0\n  subs r0, r0, r4\n  asrs r6, r0, #16\n"                                       \
    "  sxth r5, r1\n  subs r1, r1, r5\n  asrs r7, r1, #16\n"                                       \
    ".endm\n"                                                                                      \
    ".macro two w, t, r\n"                                                                         \
    "  rev16 r4, \\w\n  muls r4, r2, r4\n  add \\r, r4\n  muls \\w, r2, \\w\n  add \\t, \\w\n"     \
    ".endm\n"                                                                                      \
    ".macro scale acc\n"                                                                           \
    "  uxth r0, \\acc\n  asrs \\acc, \\acc, #16\n"                                                 \
    "  muls r0, r1, r0\n  asrs r0, r0, #16\n  muls \\acc, r1, \\acc\n  adds \\acc, \\acc, r0\n"    \
    ".endm\n"                                                                                      \
    ".macro finish acc, i, g, tag\n"                                                               \
    "  ldr r0, [r2, #16 * \\g + 4 * \\i]\n  adds \\acc, \\acc, r0\n"                               \
    "  asrs \\acc, r3\n  bmi .Lbelow\\tag\\()\\i\n"                                                \
    "  lsrs r0, \\acc, #8\n  bne .Labove\\tag\\()\\i\n"                                            \
    ".Lclipped\\tag\\()\\i:\n"                                                                     \
    ".endm\n"                                                                                      \
    ".macro outside acc, i, tag\n"                                                                 \
    ".Lbelow\\tag\\()\\i:\n  movs \\acc, #0\n    b .Lclipped\\tag\\()\\i\n"                        \
    ".Labove\\tag\\()\\i:\n  movs \\acc, #255\n  b .Lclipped\\tag\\()\\i\n"                        \
    ".endm\n"                                                                                      \
    ".macro store4 g, tag\n"                                                                       \
    "  ldr r2, [sp, #M]\n  cmp r2, #0\n  beq .Lraw\\tag\n"                                         \
    "  ldr r3, [r2, #8 * \\g]\n"                                                                   \
    "  sxth r1, r3\n      scale r4\n  asrs r1, r3, #16\n  scale r5\n"                              \
    "  ldr r3, [r2, #8 * \\g + 4]\n"                                                               \
    "  sxth r1, r3\n      scale r6\n  asrs r1, r3, #16\n  scale r7\n"                              \
    "  ldr r2, [sp, #B]\n  ldr r3, [sp, #N]\n"                                                     \
    "  finish r4, 0, \\g, \\tag\n  finish r5, 1, \\g, \\tag\n"                                     \
    "  finish r6, 2, \\g, \\tag\n  finish r7, 3, \\g, \\tag\n"                                     \
    "  ldr r2, [sp, #Y]\n"                                                                         \
    "  strb r4, [r2, #4 * \\g]\n      strb r5, [r2, #4 * \\g + 1]\n"                               \
    "  strb r6, [r2, #4 * \\g + 2]\n  strb r7, [r2, #4 * \\g + 3]\n"                               \
    ".Lstored\\tag:\n"                                                                             \
    ".endm\n"                                                                                      \
    ".macro aside g, tag\n"                                                                        \
    "  outside r4, 0, \\tag\n  outside r5, 1, \\tag\n"                                             \
    "  outside r6, 2, \\tag\n  outside r7, 3, \\tag\n"                                             \
    ".Lraw\\tag:\n"                                                                                \
    "  ldr r2, [sp, #Y]\n  adds r2, #16 * \\g\n"                                                   \
    "  ldm r2!, {r0, r1}\n  adds r4, r4, r0\n  adds r5, r5, r1\n"                                  \
    "  ldm r2!, {r0, r1}\n  adds r6, r6, r0\n  adds r7, r7, r1\n"                                  \
    "  subs r2, #16\n  stm r2!, {r4-r7}\n  b .Lstored\\tag\n"                                      \
    ".endm\n"                                                                                      \
    ".macro next top\n"                                                                            \
    "  ldr r2, [sp, #Y]\n  ldr r3, [sp, #Y_END]\n  adds r2, #8\n  cmp r2, r3\n  bhs 9f\n"          \
    "  str r2, [sp, #Y]\n  ldr r1, [sp, #W]\n"                                                     \
    "  ldr r2, [sp, #M]\n  adds r2, #16\n  str r2, [sp, #M]\n"                                     \
    "  ldr r2, [sp, #B]\n  adds r2, #32\n  str r2, [sp, #B]\n"                                     \
    "  b \\top\n"                                                                                  \
    "9:\n"                                                                                         \
    ".endm\n"

#endif
