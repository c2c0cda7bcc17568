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

/* see recurrent.h */
uint32_t kws_gate_matrix_bytes(const kws_gate_core *core, uint32_t rows, uint32_t columns)
{
    if (core->rows_bytes == NULL) {
        return 0;
    }
    const uint32_t whole = kws_round4(core->rows_bytes(core->width, KWS_GATE_ROWS, columns));
    const uint32_t rest = rows % KWS_GATE_ROWS;
    return kws_plus(kws_times(rows / KWS_GATE_ROWS, whole),
                    rest == 0 ? 0 : kws_round4(core->rows_bytes(core->width, rest, columns)));
}

/* Of t and sums, and of GRU, which has more parts than one, gates. */
static uint32_t rows_bytes(uint32_t parts)
{
    return parts == 1 ? 8 * KWS_GATE_ROWS : 12 * KWS_GATE_ROWS;
}

/* see recurrent.h */
bool kws_recurrent_fits(const kws_gate_core *core, const kws_layer *layer, const kws_tensor *in,
                        const kws_tensor *in2, const kws_tensor *out, uint32_t gates,
                        uint32_t parts, bool products, kws_need *need)
{
    const uint32_t units = kws_units(layer), outputs = out->channels;
    const uint32_t inputs = kws_times(in->width, in->channels);
    const uint32_t steps = kws_has(layer, KWS_RECURRENT_LAST) ? 1u : in->height;
    if (in2 != NULL || units == 0 || layer->kernel_width > 31 ||
        (kws_has(layer, KWS_RECURRENT_STATEFUL) && kws_has(layer, KWS_RECURRENT_BACKWARD)) ||
        in->rows != in->height || out->rows != out->height || out->bits != 8 || out->width != 1 ||
        out->height != steps || inputs > 65535u || kws_code_shift(layer) > SHIFT_MAX ||
        kws_projection_shift(layer) > SHIFT_MAX || !sums_fit(layer, inputs, outputs)) {
        return false;
    }
    /* units, inputs, outputs < 2^16 */
    const uint32_t rows = parts == 1 ? gates * units : units;
    need->weights_bytes = kws_times(parts, kws_plus(kws_gate_matrix_bytes(core, rows, inputs),
                                                    kws_gate_matrix_bytes(core, rows, outputs)));
    need->taps = inputs;
    need->multipliers = 1 + 2 * gates * units;
    need->channels = 1 + gates * units;
    need->scratch_bytes = KWS_STEP_BYTES + rows_bytes(parts) + kws_round4(2 * units) +
                          core->vector_bytes(core->width, inputs) +
                          core->vector_bytes(core->width, outputs) +
                          (products ? core->vector_bytes(core->width, units) : kws_round4(units));
    return true;
}

/* The elements of a row of the input. */
static void take(const kws_step *s, uint32_t row)
{
    const kws_tensor *in = s->call->input;
    const uint8_t    *pixel = s->call->in + kws_row(in, row);
    uint8_t          *x = s->x;
    if (in->bits == 8) {
        memcpy(x, pixel, s->inputs);
        return;
    }
    for (uint32_t q = 0; q < in->width; q++, pixel += kws_pixel_bytes(in)) {
        for (uint32_t c = 0; c < in->channels; c++) {
            *x++ = (uint8_t)kws_get(pixel, in->bits, c);
        }
    }
}

/* see recurrent.h */
kws_step *kws_step_begin(const kws_gate_core *core, const kws_call *call, uint32_t step,
                         uint32_t gates)
{
    const kws_tensor *in = call->input;
    const uint32_t    parts = gates == 4 ? 1 : gates; /* see SPEC.md */
    kws_step         *s = call->scratch;
    kws_gate_rows    *product = &s->product;
    s->call = call;
    s->core = core;
    s->units = kws_units(call->layer);
    s->inputs = (uint32_t)in->width * in->channels;
    s->outputs = call->output->channels;
    s->rows = gates * s->units;
    product->weights = kws_weights(call);
    product->t = (int32_t *)(void *)((uint8_t *)call->scratch + KWS_STEP_BYTES);
    product->sums = product->t + KWS_GATE_ROWS;
    s->gates = (int16_t *)(void *)(product->sums + KWS_GATE_ROWS);
    s->state = (int16_t *)(void *)((uint8_t *)product->t + rows_bytes(parts));
    s->x = (uint8_t *)s->state + kws_round4(2 * s->units);
    s->h = s->x + core->vector_bytes(core->width, s->inputs);
    s->codes = s->h + core->vector_bytes(core->width, s->outputs);
    if (step == 0 && (call->fresh || !kws_has(call->layer, KWS_RECURRENT_STATEFUL))) {
        memset(s->state, 0, 2 * s->units);
        memset(s->h, call->output->zero_point, s->outputs);
    }
    take(s, kws_has(call->layer, KWS_RECURRENT_BACKWARD) ? in->height - 1u - step : step);
    kws_step_vector(s, s->x, s->inputs);
    kws_step_vector(s, s->h, s->outputs);
    return s;
}

/* see recurrent.h */
void kws_step_vector(const kws_step *s, uint8_t *elements, uint32_t columns)
{
    if (s->core->prepare != NULL) {
        s->core->prepare(s->core->width, elements, columns);
    }
}

/* see recurrent.h */
void kws_step_multiply(kws_step *s, uint32_t rows)
{
    s->product.rows = rows;
    s->product.weights = s->core->multiply(s->core->width, &s->product);
}

/* see recurrent.h */
void kws_step_input(kws_step *s, uint32_t row, uint32_t rows)
{
    kws_gate_rows *product = &s->product;
    product->columns = s->inputs;
    product->vector = s->x;
    product->m = kws_multipliers(s->call) + 1 + row;
    product->b = kws_biases(s->call) + 1 + row;
    product->lift = kws_lift_in(s->call->layer);
    kws_step_multiply(s, rows);
}

/* see recurrent.h */
void kws_step_own(kws_step *s, uint32_t row, uint32_t rows, const uint8_t *v, const int32_t *b)
{
    kws_gate_rows *product = &s->product;
    product->columns = s->outputs;
    product->vector = v;
    product->m = kws_multipliers(s->call) + 1 + s->rows + row;
    product->b = b;
    product->lift = kws_lift_own(s->call->layer);
    kws_step_multiply(s, rows);
}

/* see recurrent.h */
void kws_step_rows(kws_step *s, uint32_t row, uint32_t rows, const uint8_t *v)
{
    kws_step_input(s, row, rows);
    kws_step_own(s, row, rows, v, s->product.t);
}

/* see recurrent.h */
void kws_step_end(const kws_step *s, uint32_t step)
{
    const kws_tensor *out = s->call->output;
    const uint32_t    last = out->height - 1u;
    const uint32_t    row = kws_has(s->call->layer, KWS_RECURRENT_LAST)       ? 0
                            : kws_has(s->call->layer, KWS_RECURRENT_BACKWARD) ? last - step
                                                                              : step;
    memcpy(s->call->out + kws_row(out, row), s->h, s->outputs);
}
