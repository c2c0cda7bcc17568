/* SPDX-License-Identifier: Apache-2.0 */
#include "gates.h"
#include "lstm.h"

#if KWS_VARIANT != KWS_PACK_MVE

/* What is added to a unit's pre-activation: its peep-hole, number p of three, at the cell c. */
static inline int32_t peephole(const kws_step *s, const int16_t *peepholes, uint32_t p, int32_t c)
{
    const uint32_t shift = s->call->layer->pad_top;
    return kws_mac(1 << (shift - 1), peepholes[p * s->units], c) >> shift;
}

/* For a loop with peep-holes and one without; all that it needs is in variables of its own. */
static inline __attribute__((always_inline)) void units(const kws_step *s, const int16_t *peepholes,
                                                        uint32_t first, uint32_t count, bool peeps)
{
    const uint32_t n = s->call->layer->shift, k = kws_state_range(s->call->layer);
    const uint32_t down = kws_code_shift(s->call->layer);
    const int32_t  m = kws_multipliers(s->call)[0], b = kws_biases(s->call)[0];
    const int32_t *t = s->product.t;
    int16_t       *cells = s->state + first;
    uint8_t       *codes = s->codes + first;
    for (uint32_t u = 0; u < count; u++, t++) {
        const int32_t old = cells[u];
        int32_t       i = kws_sat16(t[KWS_LSTM_INPUT * count] >> n);
        int32_t       f = kws_sat16(t[KWS_LSTM_FORGET * count] >> n);
        int32_t       o = kws_sat16(t[KWS_LSTM_OUTPUT * count] >> n);
        const int32_t c = kws_gate_tanh(kws_sat16(t[KWS_LSTM_CELL * count] >> n));
        if (peeps) {
            i = kws_sat16(kws_add(i, peephole(s, peepholes + u, 0, old)));
            f = kws_sat16(kws_add(f, peephole(s, peepholes + u, 1, old)));
        }
        i = kws_mac(0, kws_gate_sigmoid(i), c) >> k;
        /* gates are 32757 at most: |sum| <= 2 * 32757 * 2^15 + 2^14 < 2^31 */
        const int32_t now = kws_sat16(kws_add(kws_mac(1 << 14, kws_gate_sigmoid(f), old), i) >> 15);
        cells[u] = (int16_t)now;
        if (peeps) {
            o = kws_sat16(kws_add(o, peephole(s, peepholes + u, 2, now)));
        }
        const int32_t out = kws_gate_tanh(kws_sat16((now * (1 << k)) >> 3));
        o = kws_mac(1 << 14, kws_gate_sigmoid(o), out) >> 15;
        /* see kws_step_code() */
        codes[u] = (uint8_t)kws_clip(kws_mac(b, o, m) >> down, 8);
    }
}

/* see lstm.h */
void kws_lstm_units(const kws_step *s, const int16_t *peepholes, uint32_t first, uint32_t count)
{
    if (peepholes != NULL) {
        units(s, peepholes, first, count, true);
    } else {
        units(s, NULL, first, count, false);
    }
}

#endif
