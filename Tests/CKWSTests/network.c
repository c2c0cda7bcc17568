/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "network.h"
#include "oracle.h"

#define GAP_BYTE 0x5A

static uint32_t networks;
static uint64_t elements_seen, elements_interior;

/* A row that the observer must see. */
typedef struct row_id {
    uint16_t layer, row;
} row_id;

typedef struct run {
    builder *b;
    uint8_t *elements[BUILDER_TENSORS]; /* what the oracle says, an element a byte */
    uint8_t *pixels[BUILDER_TENSORS];   /* the same as it lies in memory */
    void    *states[BUILDER_LAYERS];    /* of stateful layers */
    row_id  *order;                     /* rows as they must be seen */
    uint32_t order_room, order_count, seen;
} run;

/* Does a layer take in rows of its input? */
static bool by_input(const kws_layer *layer)
{
    return layer->kernel == KWS_KERNEL_MEAN || layer->kernel == KWS_KERNEL_PLACE ||
           layer->kernel / 16 >= KWS_KERNEL_LSTM_W8 / 16;
}

static int32_t steps(const run *r, uint32_t i)
{
    const kws_layer *layer = &r->b->layers[i];
    return r->b->tensors[by_input(layer) ? layer->input : layer->output].height;
}

/* Rows of the input that step s of layer i wants. */
static int32_t wants(const run *r, uint32_t i, int32_t s)
{
    const kws_layer *layer = &r->b->layers[i];
    const int32_t    height = r->b->tensors[layer->input].height;
    const int32_t    end =
        by_input(layer) ? s + 1 : s * layer->stride_height - layer->pad_top + layer->kernel_height;
    return end < height ? end : height;
}

static void see(run *r, uint32_t layer, uint32_t row)
{
    assert_true(r->order_count < r->order_room);
    r->order[r->order_count++] = (row_id){(uint16_t)layer, (uint16_t)row};
}

static bool writes_later(const run *r, uint32_t i)
{
    for (uint32_t n = i + 1; n < r->b->layer_count; n++) {
        if (r->b->layers[n].output == r->b->layers[i].output) {
            return true;
        }
    }
    return false;
}

/* The rows that a step of a layer completes. */
static void finish_step(run *r, uint32_t i, int32_t step)
{
    const kws_layer *layer = &r->b->layers[i];
    if (!by_input(layer)) {
        see(r, i, (uint32_t)step);
    } else if (step + 1 == steps(r, i) && !writes_later(r, i)) {
        for (uint32_t row = 0; row < r->b->tensors[layer->output].height; row++) {
            see(r, i, row);
        }
    }
}

/* The order of SPEC.md, section 4.1: of the layers of a chain that can run, the last one runs. */
static void order_chain(run *r, uint32_t first, uint32_t end)
{
    int32_t  done[BUILDER_LAYERS] = {0};
    uint32_t i = end;
    while (i-- > first) {
        if (done[i] < steps(r, i) && (i == first || wants(r, i, done[i]) <= done[i - 1])) {
            finish_step(r, i, done[i]++);
            i = end;
        }
    }
}

static void order_rows(run *r)
{
    const builder *b = r->b;
    for (uint32_t row = 0; row < b->tensors[0].height; row++) {
        see(r, KWS_OBSERVE_FEATURES, row);
    }
    for (uint32_t first = 0, end; first < b->layer_count; first = end) {
        for (end = first + 1; end < b->layer_count && b->layers[end].chained; end++) {
        }
        order_chain(r, first, end);
    }
}

/* For the reader of a failure. */
static void network_print(const builder *b)
{
    for (uint32_t i = 0; i < b->tensor_count; i++) {
        const kws_tensor *t = &b->tensors[i];
        printf("tensor %u: %u x %u x %u, %u bits, zero %u, %u rows from %u on, at %u\n",
               (unsigned)i, t->height, t->width, t->channels, t->bits, t->zero_point, t->rows,
               t->phase, (unsigned)t->arena_offset);
    }
    for (uint32_t i = 0; i < b->layer_count; i++) {
        const kws_layer *l = &b->layers[i];
        printf("layer %u: kernel %#x, %u (%u) -> %u, chained %u, window %u x %u, strides %u, %u, "
               "padding %u, %u, shift %u, scratch %u at %u\n",
               (unsigned)i, l->kernel, l->input, l->input2, l->output, l->chained, l->kernel_height,
               l->kernel_width, l->stride_height, l->stride_width, l->pad_top, l->pad_left,
               l->shift, (unsigned)l->scratch_bytes, (unsigned)l->scratch_offset);
    }
}

static void observe(void *context, uint32_t layer, uint32_t row, const uint8_t *values,
                    uint32_t count)
{
    run           *r = context;
    const uint16_t tensor = layer == KWS_OBSERVE_FEATURES ? 0 : r->b->layers[layer].output;
    assert_true(r->seen < r->order_count);
    assert_int_equal(layer, r->order[r->seen].layer);
    assert_int_equal(row, r->order[r->seen].row);
    assert_int_equal(count, builder_row_bytes(&r->b->tensors[tensor]));
    if (memcmp(values, r->pixels[tensor] + row * count, count) != 0) {
        printf("row %u of layer %u is wrong\n", (unsigned)row, (unsigned)layer);
        network_print(r->b);
    }
    assert_memory_equal(values, r->pixels[tensor] + row * count, count);
    r->seen++;
}

/* Counts the elements of a layer's output that are not saturated. */
static void count_interior(const kws_layer *layer, const kws_tensor *t, const uint8_t *elements)
{
    if (layer->biases_offset == 0) {
        return;
    }
    const uint32_t count = (uint32_t)t->height * t->width * t->channels;
    for (uint32_t i = 0; i < count; i++) {
        elements_interior += elements[i] != 0 && elements[i] != 256u - (256u >> t->bits);
    }
    elements_seen += count;
}

/* Evaluates layers from one on on the elements of the tensors that are there. */
static void evaluate(run *r, const uint8_t *block, uint32_t first)
{
    const builder *b = r->b;
    for (uint32_t i = first; i < b->layer_count; i++) {
        const kws_layer *layer = &b->layers[i];
        oracle_layer(&(oracle_call){
            .block = block,
            .layer = layer,
            .in = &b->tensors[layer->input],
            .out = &b->tensors[layer->output],
            .w = b->weights[i],
            .x = r->elements[layer->input],
            .x2 = layer->input2 != KWS_NONE ? r->elements[layer->input2] : NULL,
            .y = r->elements[layer->output],
            .state = &r->states[i],
        });
        count_interior(layer, &b->tensors[layer->output], r->elements[layer->output]);
    }
    for (uint32_t i = 0; i < b->tensor_count; i++) {
        oracle_pixels(&b->tensors[i], r->elements[i], r->pixels[i]);
    }
}

static void cover(uint8_t *owners, uint32_t offset, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        owners[offset + i] += owners[offset + i] < 2;
    }
}

/* Is every byte of the arena that belongs to nobody what it was, and does every whole tensor that
 * has its bytes for itself still hold what its layer wrote? */
static void check_arena(const run *r, const uint8_t *arena)
{
    const builder *b = r->b;
    uint8_t       *owners = calloc(b->arena_bytes, 1);
    assert_non_null(owners);
    cover(owners, b->progress_offset, b->progress_bytes);
    for (uint32_t i = 0; i < b->tensor_count; i++) {
        const kws_tensor *t = &b->tensors[i];
        cover(owners, t->arena_offset, t->rows * builder_row_bytes(t));
    }
    for (uint32_t i = 0; i < b->layer_count; i++) {
        cover(owners, b->layers[i].scratch_offset, b->layers[i].scratch_bytes);
    }
    for (uint32_t i = 0; i < b->arena_bytes; i++) {
        assert_true(owners[i] != 0 || arena[i] == GAP_BYTE);
    }
    for (uint32_t i = 0; i < b->tensor_count; i++) {
        const kws_tensor *t = &b->tensors[i];
        const uint32_t    bytes = t->rows * builder_row_bytes(t);
        for (uint32_t n = 0; t->rows == t->height && n < bytes; n++) {
            assert_true(owners[t->arena_offset + n] != 1 ||
                        arena[t->arena_offset + n] == r->pixels[i][n]);
        }
    }
    free(owners);
}

/* One inference. kind: 0 random, 1 all 0, 2 all 255, 3 either of them. */
static void infer(run *r, kws *k, const uint8_t *block, uint8_t *arena, int kind)
{
    const builder   *b = r->b;
    const kws_layer *last = &b->layers[b->layer_count - 1];
    const uint32_t   in_count = builder_elements(b, 0);
    const uint32_t   out_count = builder_labels(b);
    guarded          features = guarded_make(in_count), scores = guarded_make(out_count);
    for (uint32_t i = 0; i < in_count; i++) {
        const uint8_t x = (uint8_t)(kind == 0   ? random_between(0, 255)
                                    : kind == 3 ? (random_word() & 1u ? 255 : 0)
                                                : (kind - 1) * 255);
        r->elements[0][i] = x;
        ((int8_t *)features.bytes)[i] = (int8_t)(x - 128);
    }
    evaluate(r, block, 0);
    memset(arena + b->kept_bytes, GAP_BYTE, b->arena_bytes - b->kept_bytes);
    r->seen = 0;
    assert_int_equal(kws_infer(k, (int8_t *)features.bytes, (int8_t *)scores.bytes), KWS_OK);
    assert_int_equal(r->seen, r->order_count);
    for (uint32_t i = 0; i < out_count; i++) {
        assert_int_equal(((int8_t *)scores.bytes)[i], r->elements[last->output][i] - 128);
    }
    check_arena(r, arena);
    guarded_free(&features);
    guarded_free(&scores);
}

/* Space for what the oracle says, and the order of rows. */
static run *open_run(builder *b)
{
    run *r = calloc(1, sizeof *r);
    assert_non_null(r);
    r->b = b;
    for (uint32_t i = 0; i < b->tensor_count; i++) {
        const kws_tensor *t = &b->tensors[i];
        r->elements[i] = calloc(builder_elements(b, (uint16_t)i), 1);
        r->pixels[i] = calloc(t->height * builder_row_bytes(t), 1);
        assert_non_null(r->elements[i]);
        assert_non_null(r->pixels[i]);
        r->order_room +=
            t->height; /* a layer for each tensor, or parts of which the last is seen */
    }
    r->order = malloc(r->order_room * sizeof(row_id));
    assert_non_null(r->order);
    order_rows(r);
    return r;
}

static void close_run(run *r)
{
    for (uint32_t i = 0; i < BUILDER_LAYERS; i++) {
        free(r->states[i]);
    }
    for (uint32_t i = 0; i < BUILDER_TENSORS; i++) {
        free(r->elements[i]);
        free(r->pixels[i]);
    }
    free(r->order);
    free(r);
}

kws_status network_run(builder *b)
{
    uint32_t         bytes;
    uint8_t         *sealed = builder_finish(b, &bytes);
    guarded          block = guarded_block(sealed, bytes);
    const kws_model  model = builder_model(block.bytes, bytes);
    const kws_status status = kws_model_check(&model);
    if (status == KWS_OK) {
        run    *r = open_run(b);
        guarded memory = guarded_instance(kws_required_size(&model));
        kws    *k;
        assert_int_equal(kws_init(&k, &model, memory.bytes, memory.count), KWS_OK);
        kws_observe(k, observe, r);
        memset(memory.bytes + KWS_INSTANCE_BYTES, GAP_BYTE, b->kept_bytes);
        infer(r, k, block.bytes, memory.bytes + KWS_INSTANCE_BYTES, 0);
        infer(r, k, block.bytes, memory.bytes + KWS_INSTANCE_BYTES, random_between(1, 3));
        networks++;
        guarded_free(&memory);
        close_run(r);
    }
    guarded_free(&block);
    builder_close(b);
    return status;
}

/* A row that is kept must be that of the next decision's window, which the oracle has seen. */
static void observe_kept(void *context, uint32_t layer, uint32_t row, const uint8_t *values,
                         uint32_t count)
{
    run              *r = context;
    const uint16_t    tensor = layer == KWS_OBSERVE_FEATURES ? 0 : r->b->layers[layer].output;
    const kws_tensor *t = &r->b->tensors[tensor];
    assert_true(row < t->height);
    assert_int_equal(count, builder_row_bytes(t));
    assert_memory_equal(values, r->pixels[tensor] + row * count, count);
    r->seen++;
}

/* What the streamed layers make of a whole stream at once, as if it were one window. */
typedef struct whole {
    kws_tensor tensors[BUILDER_TENSORS]; /* as high as the stream is */
    uint8_t   *elements[BUILDER_TENSORS];
    uint32_t   paces[BUILDER_TENSORS]; /* rows of features a row */
} whole;

static whole open_whole(const builder *b, const uint8_t *block, const int8_t *features,
                        uint32_t rows)
{
    whole w = {0};
    w.tensors[0] = b->tensors[0];
    w.tensors[0].height = (uint16_t)rows;
    w.paces[0] = 1;
    const uint32_t count = rows * b->tensors[0].width * b->tensors[0].channels;
    w.elements[0] = malloc(count);
    assert_non_null(w.elements[0]);
    for (uint32_t i = 0; i < count; i++) {
        w.elements[0][i] = (uint8_t)(features[i] + 128);
    }
    for (uint32_t i = 0; i < b->streamed_layers; i++) {
        kws_layer         layer = b->layers[i];
        const kws_tensor *in = &w.tensors[layer.input];
        kws_tensor       *out = &w.tensors[i + 1];
        *out = b->tensors[i + 1];
        /* zeros stand before the stream, as many rows as the window's last row tells */
        layer.pad_top = (uint16_t)((out->height - 1u) * layer.stride_height + layer.kernel_height -
                                   b->tensors[layer.input].height);
        out->height = (uint16_t)(((uint32_t)in->height + layer.pad_top - layer.kernel_height) /
                                     layer.stride_height +
                                 1u);
        w.paces[i + 1] = w.paces[layer.input] * layer.stride_height;
        w.elements[i + 1] = malloc((uint32_t)out->height * out->width * out->channels);
        assert_non_null(w.elements[i + 1]);
        oracle_layer(&(oracle_call){
            .block = block,
            .layer = &layer,
            .in = in,
            .out = out,
            .w = b->weights[i],
            .x = w.elements[layer.input],
            .x2 = layer.input2 != KWS_NONE ? w.elements[layer.input2] : NULL,
            .y = w.elements[i + 1],
        });
    }
    return w;
}

static void close_whole(whole *w)
{
    for (uint32_t i = 0; i < BUILDER_TENSORS; i++) {
        free(w->elements[i]);
    }
}

/* Takes a decision's window out of the stream, and the oracle to the layers behind. */
static void take_window(run *r, const uint8_t *block, const whole *w, uint32_t decision)
{
    for (uint32_t t = 0; t <= r->b->streamed_layers; t++) {
        const kws_tensor *tensor = &r->b->tensors[t];
        const uint32_t    row = (uint32_t)tensor->width * tensor->channels;
        memcpy(r->elements[t], w->elements[t] + decision * r->b->hop_rows / w->paces[t] * row,
               tensor->height * row);
    }
    evaluate(r, block, r->b->streamed_layers);
}

void network_stream(builder *b)
{
    uint32_t        bytes;
    uint8_t        *block = builder_finish(b, &bytes);
    const kws_model model = builder_model(block, bytes);
    if (kws_model_check(&model) != KWS_OK) {
        network_print(b);
    }
    assert_int_equal(kws_model_check(&model), KWS_OK);
    run              *r = open_run(b);
    const kws_tensor *in = &b->tensors[0];
    const uint32_t    row = (uint32_t)in->width * in->channels, hop = b->hop_rows;
    const uint32_t    decisions = 4, rows = in->height + (decisions - 1) * hop;
    const uint32_t    labels = builder_elements(b, b->layers[b->layer_count - 1].output);
    guarded           memory = guarded_instance(kws_required_size(&model));
    guarded           scores = guarded_make(labels);
    int8_t           *features = malloc(rows * row);
    uint8_t          *arena = memory.bytes + KWS_INSTANCE_BYTES;
    kws              *k;
    assert_non_null(features);
    for (uint32_t i = 0; i < rows * row; i++) {
        features[i] = (int8_t)random_between(-128, 127);
    }
    whole w = open_whole(b, block, features, rows);
    assert_int_equal(kws_init(&k, &model, memory.bytes, memory.count), KWS_OK);
    assert_int_equal(kws_row_count(k), in->height);
    assert_int_equal(kws_hop_rows(k), hop);
    kws_observe(k, observe_kept, r);
    for (uint32_t end = 1, first = 0; end <= rows; end++) {
        if (end == 1 || (end - 1 >= in->height && (end - 1 - in->height) % hop == 0)) {
            first = end == 1 ? 0 : first + hop;
            take_window(r, block, &w, first / hop);
        }
        for (uint32_t i = b->kept_bytes; i < b->arena_bytes; i++) {
            arena[i] = (uint8_t)random_word();
        }
        const kws_status status =
            kws_infer_row(k, features + (end - 1) * row, (int8_t *)scores.bytes);
        assert_int_equal(status, end == first + in->height ? KWS_EVENT : KWS_IDLE);
        for (uint32_t i = 0; status == KWS_EVENT && i < labels; i++) {
            assert_int_equal(((int8_t *)scores.bytes)[i],
                             r->elements[b->layers[b->layer_count - 1].output][i] - 128);
        }
    }
    assert_true(r->seen > decisions);
    /* a whole window at once begins anew */
    take_window(r, block, &w, 0);
    assert_int_equal(kws_infer(k, features, (int8_t *)scores.bytes), KWS_OK);
    for (uint32_t i = 0; i < labels; i++) {
        assert_int_equal(((int8_t *)scores.bytes)[i],
                         r->elements[b->layers[b->layer_count - 1].output][i] - 128);
    }
    networks++;
    close_whole(&w);
    free(features);
    guarded_free(&memory);
    guarded_free(&scores);
    close_run(r);
    free(block);
    builder_close(b);
}

void network_check(builder *b)
{
    const kws_status status = network_run(b);
    if (status != KWS_OK) {
        network_print(b);
    }
    assert_int_equal(status, KWS_OK);
}

kws_status network_status(builder *b)
{
    uint32_t         bytes;
    uint8_t         *block = builder_finish(b, &bytes);
    const kws_model  model = builder_model(block, bytes);
    const kws_status status = kws_model_check(&model);
    free(block);
    builder_close(b);
    return status;
}

uint32_t network_interior(void)
{
    const uint32_t share =
        elements_seen == 0 ? 0 : (uint32_t)(100 * elements_interior / elements_seen);
    elements_seen = elements_interior = 0;
    return share;
}

uint32_t network_count(void)
{
    return networks;
}
