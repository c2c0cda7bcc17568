/* SPDX-License-Identifier: Apache-2.0 */
#include "gates_mve.h"
#include "lstm.h"

#if KWS_VARIANT == KWS_PACK_MVE

/* Pre-activations of a gate with its peep-holes, number p of three, at the cells c. */
static inline int16x8_t peeping(const kws_lstm_group *g, uint32_t gate, uint32_t p, int16x8_t c,
                                mve_pred16_t some)
{
    const kws_step *s = g->step;
    const int16x8_t x = kws_pre8(s->t + gate * g->count, s->call->layer->shift);
    if (g->peepholes == NULL) {
        return x;
    }
    const int32_t   n = s->call->layer->pad_top;
    const int16x8_t w = vldrhq_z_s16(g->peepholes + p * s->units, some);
    const int32x4_t even = vrshlq_n_s32(vmullbq_int_s16(w, c), -n);
    const int32x4_t odd = vrshlq_n_s32(vmulltq_int_s16(w, c), -n);
    const int16x8_t sum = vqmovnbq_s32(x, vaddq_s32(vmovlbq_s16(x), even));
    return vqmovntq_s32(sum, vaddq_s32(vmovltq_s16(x), odd));
}

/* see lstm.h */
void kws_lstm_units(const kws_lstm_group *g)
{
    const kws_step    *s = g->step;
    const mve_pred16_t some = vctp16q(g->count);
    const int32_t      k = (int32_t)kws_state_range(s->call->layer);
    int16_t           *cells = s->state + g->first;
    const int16x8_t    old = vldrhq_z_s16(cells, some);
    const int16x8_t    i = kws_sigmoid8(peeping(g, KWS_LSTM_INPUT, 0, old, some));
    const int16x8_t    f = kws_sigmoid8(peeping(g, KWS_LSTM_FORGET, 1, old, some));
    const int16x8_t n = kws_tanh8(kws_pre8(s->t + KWS_LSTM_CELL * g->count, s->call->layer->shift));
    const int32x4_t even =
        vaddq_s32(vmullbq_int_s16(f, old), vshlq_r_s32(vmullbq_int_s16(i, n), -k));
    const int32x4_t odd =
        vaddq_s32(vmulltq_int_s16(f, old), vshlq_r_s32(vmulltq_int_s16(i, n), -k));
    const int16x8_t now = vqrshrntq_n_s32(vqrshrnbq_n_s32(old, even, 15), odd, 15);
    vstrhq_p_s16(cells, now, some);
    const int16x8_t o = kws_sigmoid8(peeping(g, KWS_LSTM_OUTPUT, 2, now, some));
    kws_code8(s, s->codes + g->first, kws_share8(o, kws_tanh8(vqshlq_r_s16(now, k - 3))), some);
}

#endif
