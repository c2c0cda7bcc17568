/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <math.h>

#include "oracle.h"

int64_t oracle_floor(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int64_t oracle_mulq(int64_t a, int64_t m)
{
    return oracle_floor(a * m, 65536);
}

int64_t oracle_clamp(int64_t v, int64_t least, int64_t most)
{
    return v < least ? least : v > most ? most : v;
}

int64_t oracle_clip(int64_t v, unsigned bits)
{
    return oracle_clamp(v, 0, ((int64_t)1 << bits) - 1);
}

uint8_t oracle_requant(int64_t acc, int64_t m, int64_t b, unsigned n, unsigned bits)
{
    return (uint8_t)oracle_clip(oracle_floor(oracle_mulq(acc, m) + b, (int64_t)1 << n), bits);
}

int64_t oracle_bits(uint64_t u)
{
    int64_t bits = 0;
    while (u != 0) {
        bits++;
        u /= 2;
    }
    return bits;
}

/* u * 2^s, rounded down. */
static int64_t scaled(int64_t u, int64_t s)
{
    return s >= 0 ? u * ((int64_t)1 << s) : oracle_floor(u, (int64_t)1 << -s);
}

int64_t oracle_log2_q10(uint64_t u)
{
    const int64_t p = oracle_bits(u) - 1;
    const int64_t h = scaled((int64_t)u, 15 - p) - 32768;
    const int64_t i = h / 1024, f = h % 1024;
    const int64_t low = llround(32768 * log2(1 + (double)i / 32));
    const int64_t high = llround(32768 * log2(1 + (double)(i + 1) / 32));
    return 1024 * p + (low + (high - low) * f / 1024 + 16) / 32;
}

/* round(32768 * 2^(-i/32)); asked for once each, since a board takes long for it. */
static int64_t power(int64_t i)
{
    static int64_t known[33];
    if (known[i] == 0) {
        known[i] = llround(32768 * exp2(-(double)i / 32));
    }
    return known[i];
}

int64_t oracle_exp2(int64_t t, unsigned n)
{
    const int64_t u = oracle_floor(t, (int64_t)1 << n);
    const int64_t p = u / 1024, i = u / 32 % 32, f = u % 32;
    const int64_t v = power(i) - (power(i) - power(i + 1)) * f / 32;
    return p > 15 ? 0 : v / ((int64_t)1 << p);
}
