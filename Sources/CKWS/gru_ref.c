/* SPDX-License-Identifier: Apache-2.0 */
#include "gates.h"
#include "gru.h"

enum { UPDATE, RESET, CANDIDATE, GATES };

#define RANGE_MAX 15u
#define LIMIT_MAX 32767u

/* see gru.h */
bool kws_gru_fits(const kws_gate_core *core, const kws_layer *layer, const kws_tensor *in,
                  const kws_tensor *in2, const kws_tensor *out, kws_need *need)
{
    const uint32_t units = kws_units(layer);
    const uint32_t limit = kws_has(layer, KWS_RECURRENT_CLIPPED) ? LIMIT_MAX : 0;
    const bool     after = kws_has(layer, KWS_RECURRENT_RESET_AFTER);
    if (!kws_recurrent_fits(core, layer, in, in2, out, GATES, GATES, !after, need) ||
        out->channels != units || kws_state_range(layer) > RANGE_MAX || layer->pad_top > limit ||
        kws_projection_shift(layer) != 0) {
        return false;
    }
    if (after) {
        need->channels += units;
    }
    return true;
}

/* a * b / 2^15, rounded; a is a gate. */
static int32_t share(int32_t a, int32_t b)
{
    return kws_mac(1 << 14, a, b) >> 15;
}

/* Units that are computed together, of so many. */
static uint32_t group(uint32_t left)
{
    return left < KWS_GATE_ROWS ? left : KWS_GATE_ROWS;
}

/* The gates UPDATE or RESET of some units to t. */
static void open_gates(kws_step *s, uint32_t which, uint32_t first, uint32_t count)
{
    kws_step_rows(s, which * s->units + first, count, s->h);
    for (uint32_t i = 0; i < count; i++) {
        s->product.t[i] = kws_gate_sigmoid(kws_step_gate(s, i));
    }
}

/* The codes of r * s of all units, as a vector. */
KWS_APART void reset(kws_step *s)
{
    for (uint32_t u = 0, count; u < s->units; u += count) {
        count = group(s->units - u);
        open_gates(s, RESET, u, count);
        for (uint32_t i = 0; i < count; i++) {
            s->codes[u + i] = kws_step_code(s, share(s->product.t[i], s->state[u + i]));
        }
    }
    kws_step_vector(s, s->codes, s->units);
}

/* The pre-activations of the candidates of some units to gates, the reset behind the product.
 */
KWS_APART void candidates_after(kws_step *s, uint32_t first, uint32_t count)
{
    const uint32_t row = CANDIDATE * s->units + first;
    int16_t       *n = s->gates, *r = s->gates + KWS_GATE_ROWS;
    open_gates(s, RESET, first, count);
    for (uint32_t i = 0; i < count; i++) {
        r[i] = (int16_t)s->product.t[i];
    }
    kws_step_input(s, row, count);
    for (uint32_t i = 0; i < count; i++) {
        n[i] = (int16_t)kws_step_gate(s, i);
    }
    kws_step_own(s, row, count, s->h, kws_biases(s->call) + 1 + s->rows + first);
    for (uint32_t i = 0; i < count; i++) {
        n[i] = kws_sat16(kws_add(n[i], share(r[i], kws_step_gate(s, i))));
    }
}

/* The same, the reset being in the codes. */
KWS_APART void candidates_before(kws_step *s, uint32_t first, uint32_t count)
{
    kws_step_rows(s, CANDIDATE * s->units + first, count, s->codes);
    for (uint32_t i = 0; i < count; i++) {
        s->gates[i] = (int16_t)kws_step_gate(s, i);
    }
}

/* The new states of some units. */
KWS_APART void advance(kws_step *s, uint32_t first, uint32_t count)
{
    const kws_layer *layer = s->call->layer;
    const int32_t    limit = layer->pad_top;
    int16_t         *state = s->state + first;
    open_gates(s, UPDATE, first, count);
    for (uint32_t i = 0; i < count; i++) {
        const int32_t z = s->product.t[i];
        int32_t       n = s->gates[i];
        if (kws_has(layer, KWS_RECURRENT_CLIPPED)) {
            n = n > limit ? limit : n < 0 ? 0 : n;
        } else {
            n = kws_gate_tanh(n) >> kws_state_range(layer);
        }
        /* between the two numbers, so an int16 again */
        state[i] = (int16_t)(kws_mac(kws_mac(1 << 14, z, state[i]), 32768 - z, n) >> 15);
    }
}

/* see gru.h */
void kws_gru_run(const kws_gate_core *core, const kws_call *call, uint32_t step)
{
    kws_step  *s = kws_step_begin(core, call, step, GATES);
    const bool after = kws_has(call->layer, KWS_RECURRENT_RESET_AFTER);
    if (!after) {
        reset(s);
    }
    for (uint32_t u = 0, count; u < s->units; u += count) {
        count = group(s->units - u);
        if (after) {
            candidates_after(s, u, count);
        } else {
            candidates_before(s, u, count);
        }
        advance(s, u, count);
    }
    for (uint32_t u = 0; u < s->units; u++) {
        s->h[u] = kws_step_code(s, s->state[u]);
    }
    kws_step_end(s, step);
}
