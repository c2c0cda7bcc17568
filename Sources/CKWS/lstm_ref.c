/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry.h"
#include "recurrent.h"

enum { INPUT, FORGET, CELL, OUTPUT, GATES };

#define RANGE_MAX 12u

static bool fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                 const kws_tensor *out, kws_need *need)
{
    const uint32_t units = kws_units(layer), outputs = out->channels;
    const bool     projects = kws_has(layer, KWS_RECURRENT_PROJECTION);
    const bool     peeps = kws_has(layer, KWS_RECURRENT_PEEPHOLES);
    if (!kws_recurrent_fits(layer, in, in2, out, GATES, need) ||
        kws_state_range(layer) > RANGE_MAX || (!projects && outputs != units) ||
        (peeps ? layer->pad_top < 1 || layer->pad_top > 30 : layer->pad_top != 0)) {
        return false;
    }
    if (peeps) {
        need->multipliers += 3 * units;
    }
    if (projects) {
        /* both < 2^16, as their bits are few enough for their sums */
        const uint32_t taps = kws_times(in->width, in->channels) + outputs;
        need->weights_bytes =
            kws_weights_bytes(kws_plus(kws_times(GATES * units, taps), kws_times(outputs, units)),
                              kws_weight_bits(layer));
        need->multipliers += outputs;
        need->channels += outputs;
    }
    return true;
}

/* A gate's pre-activation with its peep-hole, number p of three, at the cell c. */
static int32_t peeping(const kws_step *s, uint32_t gate, uint32_t p, uint32_t unit, int32_t c)
{
    const kws_layer *layer = s->call->layer;
    const int32_t    sum = kws_step_gate(s, gate * s->units + unit, s->h);
    if (!kws_has(layer, KWS_RECURRENT_PEEPHOLES)) {
        return sum;
    }
    const int32_t w = kws_multipliers(s->call)[1 + 2 * s->rows + p * s->units + unit];
    return kws_sat16(kws_add(sum, kws_mac(1 << (layer->pad_top - 1), w, c) >> layer->pad_top));
}

/* A unit's new cell, and what it puts out, in Q15. */
static int32_t advance(const kws_step *s, uint32_t unit)
{
    const uint32_t k = kws_state_range(s->call->layer);
    const int32_t  old = s->state[unit];
    const int32_t  i = kws_sigmoid(peeping(s, INPUT, 0, unit, old));
    const int32_t  f = kws_sigmoid(peeping(s, FORGET, 1, unit, old));
    const int32_t  g = kws_tanh(kws_step_gate(s, CELL * s->units + unit, s->h));
    /* gates are 32757 at most: |sum| <= 2 * 32757 * 2^15 + 2^14 < 2^31 */
    const int32_t sum = kws_add(kws_mac(1 << 14, f, old), kws_mac(0, i, g) >> k);
    const int32_t cell = kws_sat16(sum >> 15);
    s->state[unit] = (int16_t)cell;
    const int32_t o = kws_sigmoid(peeping(s, OUTPUT, 2, unit, cell));
    return kws_mac(1 << 14, o, kws_tanh(kws_sat16((cell * (1 << k)) >> 3))) >> 15;
}

/* The step's output from the codes of all units. */
static void project(const kws_step *s)
{
    const kws_layer *layer = s->call->layer;
    const uint32_t   peepholes = kws_has(layer, KWS_RECURRENT_PEEPHOLES) ? 3 * s->units : 0;
    const int16_t   *m = kws_multipliers(s->call) + 1 + 2 * s->rows + peepholes;
    const int32_t   *b = kws_biases(s->call) + 1 + s->rows;
    const uint32_t   first = s->rows * (s->inputs + s->outputs);
    for (uint32_t o = 0; o < s->outputs; o++) {
        const int32_t acc = kws_step_dot(s, first + o * s->units, s->codes, s->units);
        s->h[o] = (uint8_t)kws_requant((int32_t)((uint32_t)acc << kws_lift_own(layer)), m[o], b[o],
                                       kws_projection_shift(layer), 8);
    }
}

static void run(const kws_call *call, uint32_t step)
{
    kws_step s;
    kws_step_begin(&s, call, step, GATES);
    for (uint32_t u = 0; u < s.units; u++) {
        s.codes[u] = kws_step_code(&s, advance(&s, u));
    }
    if (kws_has(call->layer, KWS_RECURRENT_PROJECTION)) {
        project(&s);
    } else {
        memcpy(s.h, s.codes, s.units);
    }
    kws_step_end(&s, step);
}

/* see inner.h */
KWS_RECURRENT_OF_EVERY_WIDTH(lstm, LSTM)
