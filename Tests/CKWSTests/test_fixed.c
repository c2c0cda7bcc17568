/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the fixed-point operators are those of SPEC.md, section 1. Method: small domains are
 * exhausted, large ones sampled with every power of two and its neighbours; the oracle divides
 * 64-bit numbers, or uses double where that is exact.
 */
#include "support.h"

#include <math.h>

#include "kws_fixed.h"
#include "oracle.h"

#define ROUNDS 2000000

/* A number near a power of two, or any. */
static uint32_t interesting(void)
{
    const uint32_t power = 1u << random_between(0, 31);
    return random_word() & 1u ? power + (uint32_t)random_between(-3, 3) : random_word();
}

static void mulq_is_the_floor_of_the_quotient(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const int32_t a = (int32_t)interesting();
        const int32_t m = (int16_t)interesting();
        assert_int_equal(kws_mulq(a, m), (int32_t)oracle_mulq(a, m));
    }
    assert_int_equal(kws_mulq(INT32_MIN, -32768), 1 << 30);
    assert_int_equal(kws_mulq(-1, 1), -1);
}

static void requant_rounds_down_once_more(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const int32_t  acc = (int32_t)interesting();
        const int32_t  m = (int16_t)interesting();
        const int32_t  b = random_between(-(1 << 30) + 1, (1 << 30) - 1);
        const uint32_t n = (uint32_t)random_between(0, 30);
        const uint32_t bits = 1u << random_between(1, 3);
        assert_int_equal(kws_requant(acc, m, b, n, bits), oracle_requant(acc, m, b, n, bits));
    }
}

static void clips_clamp(void **state)
{
    (void)state;
    for (int32_t v = -70000; v <= 70000; v++) {
        assert_int_equal(kws_clip(v, 8), oracle_clamp(v, 0, 255));
        assert_int_equal(kws_clip(v, 4), oracle_clamp(v, 0, 15));
        assert_int_equal(kws_clip(v, 2), oracle_clamp(v, 0, 3));
        assert_int_equal(kws_sat16(v), oracle_clamp(v, -32768, 32767));
    }
}

static void bits_count_and_shifts_shift(void **state)
{
    (void)state;
    for (uint32_t u = 0; u < 1u << 18; u++) {
        assert_int_equal(kws_bits(u), oracle_bits(u));
    }
    for (int i = 0; i < ROUNDS; i++) {
        const uint32_t u = interesting();
        const int32_t  s = random_between(-31, 31);
        assert_int_equal(kws_bits(u), oracle_bits(u));
        assert_int_equal(kws_shift(u, s), (uint32_t)(s < 0 ? u >> -s : (uint64_t)u << s));
        assert_int_equal(kws_abs((int32_t)u), (uint32_t)llabs((int32_t)u));
    }
}

/* Steps of the table are 1/64 of h at most, so its root is off by 1/256 at most, its rounding by
 * 1/2 in 31744; the shift cuts less than 1, and an even u counts as u + 1. */
static void root_is_near_the_root(void **state)
{
    (void)state;
    for (int i = 0; i < 100 * ROUNDS; i++) {
        const uint32_t u = i < 1000 ? (uint32_t)i : interesting() >> random_between(3, 31);
        const double   exact = 31.0 / 16 * sqrt((double)u), found = kws_root(u);
        assert_int_equal(kws_root(u), oracle_root(u));
        assert_true(found > exact * (1 - 1.0 / 255) - 1);
        assert_true(found < 31.0 / 16 * sqrt((double)u + 1) * (1 + 1.0 / 255));
        assert_true(found >= 1);
    }
}

static void div_is_the_floor_of_the_quotient(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const uint32_t u = interesting(), v = interesting();
        if (v != 0) {
            assert_int_equal(kws_div(u, v), u / v);
        }
    }
    for (uint32_t u = 0; u < 1200; u++) {
        for (uint32_t v = 1; v < 1200; v++) {
            assert_int_equal(kws_div(u, v), u / v);
        }
    }
}

/* Error of the chord: max |log2''| h^2 / 8 = 1.4427 / 8 / 32^2 = 1.8e-4, in Q10 0.18; of the three
 * roundings 1/2 + 1/64 + 1/64 at most: together less than 0.75. */
static void log2_is_close_and_exact_to_the_contract(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const uint32_t u = interesting();
        if (u != 0) {
            assert_int_equal(kws_log2_q10(u), oracle_log2_q10(u));
            assert_true(fabs(kws_log2_q10(u) - 1024 * log2((double)u)) < 0.75);
        }
    }
    for (int p = 0; p < 32; p++) {
        assert_int_equal(kws_log2_q10(1u << p), 1024 * p);
    }
}

/* Error of the chord: max of (2^-x)'' h^2 / 8 = 0.4805 / 8 / 32^2 = 5.9e-5, in units of 2^-15 1.93;
 * of the three roundings 1/2 + 1/2 + 1, and 1 of the last shift; of the argument, 2^-10 of an
 * octave at most, 2^15 * 0.6932 / 1024 = 22.2. Together less than 28. */
static void exp2_is_close_and_exact_to_the_contract(void **state)
{
    (void)state;
    for (uint32_t n = 0; n <= KWS_EXP2_SHIFT_MAX; n++) {
        for (uint32_t i = 0; i < ROUNDS / 14; i++) {
            const uint32_t t =
                (uint32_t)random_between(0, 255) * (uint32_t)random_between(1, 32767);
            assert_int_equal(kws_exp2(t, n), oracle_exp2(t, n));
            assert_true(fabs(kws_exp2(t, n) - 32768 * exp2(-ldexp(t, -10 - (int)n))) < 28);
        }
        for (uint32_t p = 0; p < 16; p++) {
            assert_int_equal(kws_exp2(p << (10 + n), n), 32768u >> p);
        }
    }
    assert_int_equal(kws_exp2(16u << 10, 0), 0);
    for (uint32_t i = 0; i <= 32; i++) {
        assert_int_equal(kws_exp2_table[i], lround(32768 * exp2(-(double)i / 32)));
    }
}

static void sums_are_sums(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const int32_t a = random_between(-(1 << 30), 1 << 30);
        const int32_t b = random_between(-(1 << 30), 1 << 30) / 2;
        const int32_t x = random_between(-32768, 32767), w = random_between(-32767, 32767);
        assert_int_equal(kws_add(a, b), (int64_t)a + b);
        assert_int_equal(kws_sub(a, b), (int64_t)a - b);
        assert_int_equal(kws_mac(b, x, w), b + (int64_t)x * w);
    }
}

/* Chords of the logistic function, 1/16 wide: (1/16)^2 / 8 of its largest second derivative, 1/(6
 * sqrt(3)), in Q15 are 1.54; a table entry and the chord are rounded, 0.5 each; -8 counts as its
 * neighbour. tanh is twice that where 2x has 16 bits; beyond it stays at its end, 2^15 (1 - tanh 4)
 * = 22 below 1. */
static void sigmoid_and_tanh_are_close_and_exact_to_the_contract(void **state)
{
    (void)state;
    for (int32_t i = -128; i <= 128; i++) {
        assert_int_equal(kws_sigmoid_table[KWS_SIGMOID_MIDDLE + i],
                         lround(32768 / (1 + exp(-i / 16.0))));
    }
    for (int32_t x = -32768; x <= 32767; x++) {
        const int32_t s = kws_sigmoid(x), t = kws_tanh(x);
        assert_int_equal(s, oracle_sigmoid(x));
        assert_int_equal(t, oracle_tanh(x));
        assert_true(s >= 11 && s <= 32757);
        assert_true(fabs(s - 32768 / (1 + exp(-x / 4096.0))) < 2.6);
        const double off = fabs(t - 32768 * tanh(x / 4096.0));
        assert_true(off < (abs(x) < 16384 ? 5.2 : 27.2));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mulq_is_the_floor_of_the_quotient),
        cmocka_unit_test(requant_rounds_down_once_more),
        cmocka_unit_test(clips_clamp),
        cmocka_unit_test(bits_count_and_shifts_shift),
        cmocka_unit_test(root_is_near_the_root),
        cmocka_unit_test(div_is_the_floor_of_the_quotient),
        cmocka_unit_test(log2_is_close_and_exact_to_the_contract),
        cmocka_unit_test(exp2_is_close_and_exact_to_the_contract),
        cmocka_unit_test(sigmoid_and_tanh_are_close_and_exact_to_the_contract),
        cmocka_unit_test(sums_are_sums),
    };
    seed_random("fixed");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
