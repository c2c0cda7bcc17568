/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "recurrent.h"

enum { UPDATE, RESET, CANDIDATE, GATES };

#define RANGE_MAX 15u
#define LIMIT_MAX 32767u

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t units = kws_units(layer);
    const uint32_t limit = kws_has(layer, KWS_RECURRENT_CLIPPED) ? LIMIT_MAX : 0;
    if (!kws_recurrent_fits(layer, in, in2, out, GATES, need) || out->channels != units ||
        kws_state_range(layer) > RANGE_MAX || layer->pad_top > limit ||
        kws_projection_shift(layer) != 0) {
        return false;
    }
    if (kws_has(layer, KWS_RECURRENT_RESET_AFTER)) {
        need->channels += units;
    }
    return true;
}

static int32_t gate(const kws_step *s, uint32_t which, uint32_t unit)
{
    return kws_sigmoid(kws_step_gate(s, which * s->units + unit, s->h));
}

/* a * b / 2^15, rounded; a is a gate. */
static int32_t share(int32_t a, int32_t b)
{
    return kws_mac(1 << 14, a, b) >> 15;
}

/* The candidate's pre-activation; codes hold r * h if the reset comes before the product. */
static int32_t candidate(const kws_step *s, uint32_t unit)
{
    const uint32_t row = CANDIDATE * s->units + unit;
    if (!kws_has(s->call->layer, KWS_RECURRENT_RESET_AFTER)) {
        return kws_step_gate(s, row, s->codes);
    }
    const int32_t *b = kws_biases(s->call) + 1;
    const uint32_t n = s->call->layer->shift;
    const int32_t  x = kws_sat16(kws_add(kws_step_input(s, row), b[row]) >> n);
    const int32_t  h = kws_sat16(kws_add(kws_step_own(s, row, s->h), b[s->rows + unit]) >> n);
    return kws_sat16(kws_add(x, share(gate(s, RESET, unit), h)));
}

/* A unit's new state. */
static void advance(const kws_step *s, uint32_t unit)
{
    const kws_layer *layer = s->call->layer;
    const int32_t    limit = layer->pad_top;
    const int32_t    z = gate(s, UPDATE, unit);
    int32_t          n = candidate(s, unit);
    if (kws_has(layer, KWS_RECURRENT_CLIPPED)) {
        n = n > limit ? limit : n < 0 ? 0 : n;
    } else {
        n = kws_tanh(n) >> kws_state_range(layer);
    }
    /* between the two numbers, so an int16 again */
    s->state[unit] = (int16_t)(kws_mac(kws_mac(1 << 14, z, s->state[unit]), 32768 - z, n) >> 15);
}

static void run(const kws_call *call, uint32_t step)
{
    kws_step s;
    kws_step_begin(&s, call, step, GATES);
    if (!kws_has(call->layer, KWS_RECURRENT_RESET_AFTER)) {
        for (uint32_t u = 0; u < s.units; u++) {
            s.codes[u] = kws_step_code(&s, share(gate(&s, RESET, u), s.state[u]));
        }
    }
    for (uint32_t u = 0; u < s.units; u++) {
        advance(&s, u);
    }
    for (uint32_t u = 0; u < s.units; u++) {
        s.h[u] = kws_step_code(&s, s.state[u]);
    }
    kws_step_end(&s, step);
}

/* see inner.h */
KWS_RECURRENT_OF_EVERY_WIDTH(gru, GRU)
