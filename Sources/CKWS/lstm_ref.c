/* SPDX-License-Identifier: Apache-2.0 */
#include "lstm.h"

#define RANGE_MAX 12u

/* see lstm.h */
bool kws_lstm_fits(const kws_gate_core *core, const kws_layer *layer, const kws_tensor *in,
                   const kws_tensor *in2, const kws_tensor *out, kws_need *need)
{
    const uint32_t units = kws_units(layer), outputs = out->channels;
    const bool     projects = kws_has(layer, KWS_RECURRENT_PROJECTION);
    const bool     peeps = kws_has(layer, KWS_RECURRENT_PEEPHOLES);
    if (!kws_recurrent_fits(core, layer, in, in2, out, KWS_LSTM_GATES, 1, projects, need) ||
        kws_state_range(layer) > RANGE_MAX || (!projects && outputs != units) ||
        (peeps ? layer->pad_top < 1 || layer->pad_top > 30 : layer->pad_top != 0)) {
        return false;
    }
    if (peeps) {
        need->multipliers += 3 * units;
    }
    if (projects) {
        need->weights_bytes =
            kws_plus(need->weights_bytes, kws_gate_matrix_bytes(core, outputs, units));
        need->multipliers += outputs;
        need->channels += outputs;
    }
    return true;
}

/* The step's output from the codes of all units. */
static void project(kws_step *s, const int16_t *m)
{
    const kws_layer *layer = s->call->layer;
    kws_gate_rows   *product = &s->product;
    product->columns = s->units;
    product->vector = s->codes;
    product->m = m;
    product->b = kws_biases(s->call) + 1 + s->rows;
    product->lift = kws_lift_own(layer);
    kws_step_vector(s, s->codes, s->units);
    for (uint32_t o = 0; o < s->outputs; o += KWS_GATE_ROWS) {
        kws_step_multiply(s, s->outputs - o < KWS_GATE_ROWS ? s->outputs - o : KWS_GATE_ROWS);
        for (uint32_t i = 0; i < product->rows; i++) {
            s->h[o + i] = (uint8_t)kws_clip(product->t[i] >> kws_projection_shift(layer), 8);
        }
        product->m += product->rows;
        product->b += product->rows;
    }
}

/* see lstm.h */
void kws_lstm_run(const kws_gate_core *core, const kws_call *call, uint32_t step)
{
    kws_step      *s = kws_step_begin(core, call, step, KWS_LSTM_GATES);
    const bool     peeps = kws_has(call->layer, KWS_RECURRENT_PEEPHOLES);
    const int16_t *behind = kws_multipliers(call) + 1 + 2 * s->rows;
    for (uint32_t first = 0, count; first < s->units; first += count) {
        count = s->units - first < KWS_LSTM_GROUP ? s->units - first : KWS_LSTM_GROUP;
        kws_step_rows(s, KWS_LSTM_GATES * first, KWS_LSTM_GATES * count, s->h);
        kws_lstm_units(s, peeps ? behind + first : NULL, first, count);
    }
    if (kws_has(call->layer, KWS_RECURRENT_PROJECTION)) {
        project(s, behind + (peeps ? 3 * s->units : 0));
    } else {
        memcpy(s->h, s->codes, s->units);
    }
    kws_step_end(s, step);
}
