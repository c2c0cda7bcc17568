/* SPDX-License-Identifier: Apache-2.0 */
#include "recurrent.h"

#include "geometry.h"

#define SHIFT_MAX 30u
#define LIFT_MAX 15u

/* Of a matrix of so many columns: its largest sum, lifted, in units of 255 / 2. */
static uint32_t largest_sum(uint32_t columns, uint32_t bits, uint32_t lift)
{
    return kws_times(columns, 1u << (bits + lift));
}

/* Are the lifts such that no sum leaves 32 bits? */
static bool sums_fit(const kws_layer *layer, uint32_t inputs, uint32_t outputs)
{
    const uint32_t bits = kws_weight_bits(layer);
    const uint32_t in = kws_lift_in(layer), own = kws_lift_own(layer);
    const uint32_t most = KWS_TAPS_MAX << 8;
    return in <= LIFT_MAX && own <= LIFT_MAX &&
           kws_plus(largest_sum(inputs, bits, in), largest_sum(outputs, bits, own)) <= most &&
           largest_sum(kws_units(layer), bits, own) <= most;
}

bool kws_recurrent_fits(const kws_layer *layer, const kws_tensor *in, const kws_tensor *in2,
                        const kws_tensor *out, uint32_t gates, kws_need *need)
{
    const uint32_t units = kws_units(layer), outputs = out->channels;
    const uint32_t inputs = kws_times(in->width, in->channels);
    const uint32_t steps = kws_has(layer, KWS_RECURRENT_LAST) ? 1u : in->height;
    if (in2 != NULL || units == 0 || layer->kernel_width > 15 || in->rows != in->height ||
        out->rows != out->height || out->bits != 8 || out->width != 1 || out->height != steps ||
        kws_code_shift(layer) > SHIFT_MAX || kws_projection_shift(layer) > SHIFT_MAX ||
        !sums_fit(layer, inputs, outputs)) {
        return false;
    }
    /* taps < 2^16, units < 2^16 */
    const uint32_t taps = inputs + outputs;
    need->weights_bytes = kws_weights_bytes(kws_times(gates * units, taps), kws_weight_bits(layer));
    need->multipliers = 1 + 2 * gates * units;
    need->channels = 1 + gates * units;
    need->scratch_bytes = 3 * units + taps;
    return true;
}

void kws_step_begin(kws_step *s, const kws_call *call, uint32_t step, uint32_t gates)
{
    const kws_tensor *in = call->input;
    const uint32_t    row =
        kws_has(call->layer, KWS_RECURRENT_BACKWARD) ? in->height - 1u - step : step;
    s->call = call;
    s->units = kws_units(call->layer);
    s->inputs = (uint32_t)in->width * in->channels;
    s->outputs = call->output->channels;
    s->rows = gates * s->units;
    s->state = call->scratch;
    s->x = (uint8_t *)(s->state + s->units);
    s->h = s->x + s->inputs;
    s->codes = s->h + s->outputs;
    if (step == 0) {
        memset(s->state, 0, 2 * s->units);
        memset(s->h, call->output->zero_point, s->outputs);
    }
    const uint8_t *pixel = call->in + kws_row(in, row);
    uint8_t       *x = s->x;
    for (uint32_t q = 0; q < in->width; q++, pixel += kws_pixel_bytes(in)) {
        for (uint32_t c = 0; c < in->channels; c++) {
            *x++ = (uint8_t)kws_get(pixel, in->bits, c);
        }
    }
}

void kws_step_end(const kws_step *s, uint32_t step)
{
    const kws_tensor *out = s->call->output;
    const uint32_t    last = out->height - 1u;
    const uint32_t    row = kws_has(s->call->layer, KWS_RECURRENT_LAST)       ? 0
                            : kws_has(s->call->layer, KWS_RECURRENT_BACKWARD) ? last - step
                                                                              : step;
    memcpy(s->call->out + kws_row(out, row), s->h, s->outputs);
}

int32_t kws_step_dot(const kws_step *s, uint32_t k, const uint8_t *v, uint32_t count)
{
    const uint8_t *weights = kws_weights(s->call);
    const uint32_t bits = kws_weight_bits(s->call->layer);
    int32_t        acc = 0;
    if (bits == 8) {
        const int8_t *w = (const int8_t *)weights + k;
        for (uint32_t i = 0; i < count; i++) {
            acc = kws_mac(acc, v[i], w[i]);
        }
        return acc;
    }
    for (uint32_t i = 0; i < count; i++) {
        acc = kws_mac(acc, v[i], kws_weight(weights, bits, k + i));
    }
    return acc;
}

/* A sum, lifted, times a multiplier; sums_fit() made sure that it has 32 bits. */
static int32_t rescaled(const kws_step *s, int32_t acc, uint32_t lift, uint32_t multiplier)
{
    return kws_mulq((int32_t)((uint32_t)acc << lift), kws_multipliers(s->call)[1 + multiplier]);
}

int32_t kws_step_input(const kws_step *s, uint32_t row)
{
    return rescaled(s, kws_step_dot(s, row * s->inputs, s->x, s->inputs),
                    kws_lift_in(s->call->layer), row);
}

int32_t kws_step_own(const kws_step *s, uint32_t row, const uint8_t *h)
{
    const uint32_t k = s->rows * s->inputs + row * s->outputs;
    return rescaled(s, kws_step_dot(s, k, h, s->outputs), kws_lift_own(s->call->layer),
                    s->rows + row);
}

int32_t kws_step_gate(const kws_step *s, uint32_t row, const uint8_t *h)
{
    /* the first sum is 2^30 at most, |bias| < 2^30 */
    const int32_t sum = kws_add(kws_step_input(s, row), kws_step_own(s, row, h));
    return kws_sat16(kws_add(sum, kws_biases(s->call)[1 + row]) >> s->call->layer->shift);
}

uint8_t kws_step_code(const kws_step *s, int32_t v)
{
    /* |sum| <= 2^15 * 2^15 + 2^30 - 1 */
    const int32_t sum = kws_mac(kws_biases(s->call)[0], v, kws_multipliers(s->call)[0]);
    return (uint8_t)kws_clip(sum >> kws_code_shift(s->call->layer), 8);
}
