/* SPDX-License-Identifier: Apache-2.0 */
#include "gates.h"
#include "recurrent.h"

enum { UPDATE, RESET, CANDIDATE, GATES };

#define RANGE_MAX 15u
#define LIMIT_MAX 32767u

static bool fits(const kws_gate_core *core, const kws_layer *layer, const kws_tensor *in,
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

/* A step and its parts. */
typedef struct gru {
    kws_step      s;
    kws_gate_part parts[GATES];
} gru;

/* Units that are computed together, of so many. */
static uint32_t group(uint32_t left)
{
    return left < KWS_GATE_ROWS ? left : KWS_GATE_ROWS;
}

/* The gates UPDATE or RESET of the next units to t. */
static void open_gates(gru *g, uint32_t which, uint32_t count)
{
    kws_step_rows(&g->s, &g->parts[which], count, g->s.h);
    for (uint32_t i = 0; i < count; i++) {
        g->s.t[i] = kws_gate_sigmoid(kws_step_gate(&g->s, i));
    }
}

/* The codes of r * s of all units, as a vector. */
static void reset(gru *g)
{
    kws_step *s = &g->s;
    for (uint32_t u = 0, count; u < s->units; u += count) {
        count = group(s->units - u);
        open_gates(g, RESET, count);
        for (uint32_t i = 0; i < count; i++) {
            s->codes[u + i] = kws_step_code(s, share(s->t[i], s->state[u + i]));
        }
    }
    kws_gate_vector(s->core, s->codes, s->units);
}

/* The pre-activations of the candidates of the next units to gates, the reset behind the product.
 */
static void candidates_after(gru *g, uint32_t first, uint32_t count)
{
    kws_step *s = &g->s;
    int16_t  *n = s->gates, *r = s->gates + KWS_GATE_ROWS;
    open_gates(g, RESET, count);
    for (uint32_t i = 0; i < count; i++) {
        r[i] = (int16_t)s->t[i];
    }
    kws_step_input(s, &g->parts[CANDIDATE], count);
    for (uint32_t i = 0; i < count; i++) {
        n[i] = (int16_t)kws_step_gate(s, i);
    }
    kws_step_own(s, &g->parts[CANDIDATE], count, s->h, kws_biases(s->call) + 1 + s->rows + first);
    for (uint32_t i = 0; i < count; i++) {
        n[i] = kws_sat16(kws_add(n[i], share(r[i], kws_step_gate(s, i))));
    }
}

/* The same, the reset being in the codes. */
static void candidates_before(gru *g, uint32_t count)
{
    kws_step_rows(&g->s, &g->parts[CANDIDATE], count, g->s.codes);
    for (uint32_t i = 0; i < count; i++) {
        g->s.gates[i] = (int16_t)kws_step_gate(&g->s, i);
    }
}

/* The new states of the next units. */
static void advance(gru *g, uint32_t first, uint32_t count)
{
    const kws_layer *layer = g->s.call->layer;
    const int32_t    limit = layer->pad_top;
    int16_t         *state = g->s.state + first;
    open_gates(g, UPDATE, count);
    for (uint32_t i = 0; i < count; i++) {
        const int32_t z = g->s.t[i];
        int32_t       n = g->s.gates[i];
        if (kws_has(layer, KWS_RECURRENT_CLIPPED)) {
            n = n > limit ? limit : n < 0 ? 0 : n;
        } else {
            n = kws_gate_tanh(n) >> kws_state_range(layer);
        }
        /* between the two numbers, so an int16 again */
        state[i] = (int16_t)(kws_mac(kws_mac(1 << 14, z, state[i]), 32768 - z, n) >> 15);
    }
}

static void run(const kws_gate_core *core, const kws_call *call, uint32_t step)
{
    const bool after = kws_has(call->layer, KWS_RECURRENT_RESET_AFTER);
    gru        g;
    kws_step_begin(&g.s, core, call, step, GATES);
    for (uint32_t gate = 0; gate < GATES; gate++) {
        g.parts[gate] = kws_step_part(&g.s, gate, g.s.units);
    }
    if (!after) {
        reset(&g);
    }
    for (uint32_t u = 0, count; u < g.s.units; u += count) {
        count = group(g.s.units - u);
        if (after) {
            candidates_after(&g, u, count);
        } else {
            candidates_before(&g, count);
        }
        advance(&g, u, count);
    }
    for (uint32_t u = 0; u < g.s.units; u++) {
        g.s.h[u] = kws_step_code(&g.s, g.s.state[u]);
    }
    kws_step_end(&g.s, step);
}

/* see inner.h */
KWS_RECURRENT_OF_EVERY_WIDTH(gru, GRU)
