/* SPDX-License-Identifier: Apache-2.0 */
#include "gates_mve.h"
#include "lstm.h"

#if KWS_VARIANT == KWS_PACK_MVE

/* Pre-activations of a gate, at t, with its peep-holes at the cells c. */
static inline int16x8_t peeping(const kws_step *s, const int32_t *t, const int16_t *peepholes,
                                int16x8_t c, mve_pred16_t some)
{
    const int16x8_t x = kws_pre8(t, s->call->layer->shift);
    if (peepholes == NULL) {
        return x;
    }
    const int32_t   n = s->call->layer->pad_top;
    const int16x8_t w = vldrhq_z_s16(peepholes, some);
    const int32x4_t even = vrshlq_n_s32(vmullbq_int_s16(w, c), -n);
    const int32x4_t odd = vrshlq_n_s32(vmulltq_int_s16(w, c), -n);
    const int16x8_t sum = vqmovnbq_s32(x, vaddq_s32(vmovlbq_s16(x), even));
    return vqmovntq_s32(sum, vaddq_s32(vmovltq_s16(x), odd));
}

/* see lstm.h */
void kws_lstm_units(const kws_step *s, const int16_t *peepholes, uint32_t first, uint32_t count)
{
    const int16_t     *forget = peepholes != NULL ? peepholes + s->units : NULL;
    const int16_t     *output = peepholes != NULL ? forget + s->units : NULL;
    const int32_t     *t = s->product.t;
    const mve_pred16_t some = vctp16q(count);
    const int32_t      k = (int32_t)kws_state_range(s->call->layer);
    int16_t           *cells = s->state + first;
    const int16x8_t    old = vldrhq_z_s16(cells, some);
    const int16x8_t i = kws_sigmoid8(peeping(s, t + KWS_LSTM_INPUT * count, peepholes, old, some));
    const int16x8_t f = kws_sigmoid8(peeping(s, t + KWS_LSTM_FORGET * count, forget, old, some));
    const int16x8_t n = kws_tanh8(kws_pre8(t + KWS_LSTM_CELL * count, s->call->layer->shift));
    const int32x4_t even =
        vaddq_s32(vmullbq_int_s16(f, old), vshlq_r_s32(vmullbq_int_s16(i, n), -k));
    const int32x4_t odd =
        vaddq_s32(vmulltq_int_s16(f, old), vshlq_r_s32(vmulltq_int_s16(i, n), -k));
    const int16x8_t now = vqrshrntq_n_s32(vqrshrnbq_n_s32(old, even, 15), odd, 15);
    vstrhq_p_s16(cells, now, some);
    const int16x8_t o = kws_sigmoid8(peeping(s, t + KWS_LSTM_OUTPUT * count, output, now, some));
    kws_code8(s, s->codes + first, kws_share8(o, kws_tanh8(vqshlq_r_s16(now, k - 3))), some);
}

#endif
