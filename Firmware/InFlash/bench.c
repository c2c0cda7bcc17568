/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs the model that is linked to it so that Toolchains/insn-counter can count: one inference, the
 * same again layer by layer, and the polls of a stream. Nothing of this file is counted.
 *
 * The counter is told where counts belong by stores into bench_marks: a store into bench_marks[n]
 * gives all instructions since the last store to region n; region 0 is thrown away. Layers are told
 * apart by kernel objects in RAM, like those of the library but for run(), which marks and then
 * calls the library's. The engine takes the same way through either, instruction by instruction.
 */
#include "board.h"
#include "front_end.h"
#include "model.h" /* the header that kwsc compile wrote, with MODEL_... for its names */
#include "semihosting.h"

#define UNCOUNTED __attribute__((section(".uncounted"), noinline))

enum {
    DROPPED,
    INFERENCE,      /* one kws_infer() */
    ENGINE,         /* of the next one, what is not in a kernel */
    INIT,           /* one kws_init() */
    PUSH,           /* kws_push() of PUSHED samples */
    POLL_IDLE,      /* kws_poll() without anything to do */
    POLL_FEATURES,  /* kws_poll() that computes features */
    POLL_INFERENCE, /* kws_poll() that runs the network */
    FRAME,          /* of the polls that compute features, what is in the front end's frame() */
    FINISH,         /* of the polls that run the network, the same for finish() */
    LAYERS = 16,    /* the first of one region a layer */
    REGIONS = 256,
    PUSHED = 16,
    KERNELS = 16
};

volatile uint8_t bench_marks[REGIONS];

static uint32_t          memory[(MODEL_SIZE + 3) / 4];
static kws              *instance;
static int8_t            features[MODEL_FEATURES], scores[MODEL_CLASSES];
static kws_kernel        marked[KERNELS];
static const kws_kernel *marked_array[KERNELS];
static bool              has_run;

static struct kws_features        marked_features;
static const struct kws_features *features_of_model;

/* Which calls mark, apart from those of main(). */
static enum { NOTHING, LAYER_CALLS, FEATURE_CALLS } marking;

UNCOUNTED static void mark(uint32_t region)
{
    bench_marks[region] = 0;
}

UNCOUNTED static const kws_layer *first_layer(void)
{
    const kws_block_header *header = MODEL.block;
    return kws_part(header, header->layers_offset);
}

UNCOUNTED static const kws_kernel *original(uint32_t id)
{
    uint32_t i = 0;
    while (MODEL.kernels[i]->id != id)
        i++;
    return MODEL.kernels[i];
}

/* What the engine calls in place of a kernel. */
UNCOUNTED static void run_marked(const kws_call *call, uint32_t row)
{
    const uint32_t layer = (uint32_t)(call->layer - first_layer());
    has_run = true;
    if (marking == LAYER_CALLS)
        mark(ENGINE);
    original(call->layer->kernel)->run(call, row);
    if (marking == LAYER_CALLS)
        mark(LAYERS + layer);
}

UNCOUNTED static void frame_marked(const kws_frame *frame, void *row)
{
    if (marking == FEATURE_CALLS)
        mark(DROPPED);
    features_of_model->frame(frame, row);
    if (marking == FEATURE_CALLS)
        mark(FRAME);
}

UNCOUNTED static void finish_marked(const kws_frame *frame, const void *row, int32_t peak,
                                    uint8_t *out)
{
    if (marking == FEATURE_CALLS)
        mark(DROPPED);
    features_of_model->finish(frame, row, peak, out);
    if (marking == FEATURE_CALLS)
        mark(FINISH);
}

/* The model with run_marked() in every kernel, and its front end's likes. */
UNCOUNTED static kws_model marked_model(void)
{
    kws_model model = MODEL;
    for (uint32_t i = 0; i < MODEL.kernel_count && i < KERNELS; i++) {
        marked[i] = *MODEL.kernels[i];
        if (marked[i].run != NULL)
            marked[i].run = run_marked;
        if (marked[i].features != NULL) {
            features_of_model = marked[i].features;
            marked_features = *features_of_model;
            marked_features.frame = frame_marked;
            marked_features.finish = finish_marked;
            marked[i].features = &marked_features;
        }
        marked_array[i] = &marked[i];
    }
    model.kernels = marked_array;
    return model;
}

UNCOUNTED static void init(const kws_model *model)
{
    mark(DROPPED);
    const kws_status status = kws_init(&instance, model, memory, sizeof memory);
    mark(INIT);
    if (status != KWS_OK) {
        print("bench: kws_init: ");
        print(kws_strerror(status));
        print("\n");
        leave(1);
    }
}

/* Noise, the same in each run. */
UNCOUNTED static uint32_t noise(void)
{
    static uint32_t state = 1;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* Pushes and polls through a window that is not counted, for what keeps rows has less to do until
 * it is full, and through whole decisions of about two more: the polls between two decisions
 * differ. Only kernels that mark tell whether the network ran. */
UNCOUNTED static void stream(bool counts)
{
    const uint32_t window = kws_window_samples(instance), rows = kws_hop_rows(instance);
    const uint32_t each = (rows > 1 ? rows : 1) * kws_hop_samples(instance);
    const uint32_t end = window + (2 * window + each - 1) / each * each;
    int16_t        pcm[PUSHED];
    for (uint32_t i = 0; i < end; i += PUSHED) {
        const bool is_counting = counts && i >= window;
        for (uint32_t j = 0; j < PUSHED; j++)
            pcm[j] = (int16_t)((int16_t)noise() >> (i >> 11 & 3)); /* in four levels */
        mark(DROPPED);
        (void)kws_push(instance, pcm, PUSHED);
        mark(is_counting ? PUSH : DROPPED);
        for (kws_status status = KWS_AGAIN; status > KWS_IDLE;) {
            has_run = false;
            mark(DROPPED);
            status = kws_poll(instance, NULL);
            mark(!is_counting         ? DROPPED
                 : has_run            ? POLL_INFERENCE
                 : status == KWS_IDLE ? POLL_IDLE
                                      : POLL_FEATURES);
        }
    }
}

UNCOUNTED static void print_line(const char *name, uint32_t number)
{
    print(name);
    print(" ");
    print_number(number);
    print("\n");
}

UNCOUNTED int main(void)
{
    for (uint32_t i = 0; i < MODEL_FEATURES; i++)
        features[i] = (int8_t)noise();

    init(&MODEL);
    mark(DROPPED);
    (void)kws_infer(instance, features, scores);
    mark(INFERENCE);
    board_stack_mark();
    (void)kws_infer(instance, features, scores);
    print_line("stack_bytes", board_stack_used());
    mark(DROPPED);

    if (kws_hop_samples(instance) != 0) {
        board_stack_mark();
        stream(false);
        print_line("poll_stack_bytes", board_stack_used());
    }

    const kws_model model = marked_model();
    init(&model);
    marking = LAYER_CALLS;
    mark(DROPPED);
    (void)kws_infer(instance, features, scores);
    mark(ENGINE);
    marking = NOTHING;
    if (kws_hop_samples(instance) != 0) {
        stream(true);
        marking = FEATURE_CALLS;
        stream(false);
    }
    return 0;
}
