/* SPDX-License-Identifier: Apache-2.0
 *
 * Parity for a board that holds one model at a time: runs the clips of a request through the
 * library, with the model that is linked to it, in a few hundred bytes beside the instance. Request
 * and result are those of Firmware/README.md; only checksums, PCM and the C library can be asked
 * for, and the request's block must be the one in flash.
 */
#include "board.h"
#include "inner.h"
#include "model.h" /* the header that kwsc compile wrote, with MODEL_... for its names */
#include "semihosting.h"

enum {
    MAGIC_REQUEST = 0x5153574B,
    MAGIC_RESULT = 0x5253574B,
    VERSION = 2,
    LIBRARY = 1,
    CHUNK_MAX = 320,
    LAYERS_MAX = 40,
    EVENTS_MAX = 24,
    DONE = 0,
    USAGE = 64,
    BAD_REQUEST = 65,
    NO_INPUT = 66,
    TOO_LARGE = 70,
    CANNOT_WRITE = 74
};

typedef struct request {
    uint32_t magic, version, mode, implementations, input, chunk, clips, block_bytes;
} request;

/* What a network that listens ends in: posteriors' upper bytes, one a class, then lower ones. */
#define SCORES (2 * MODEL_CLASSES)

/* What was seen of a tensor during an inference. */
typedef struct seen {
    uint32_t checksum, bytes;
} seen;

static uint32_t  memory[(MODEL_SIZE + 3) / 4];
static seen      tensors[LAYERS_MAX + 1]; /* the network's input, then the layers' outputs */
static uint8_t   scores[(SCORES + 3) & ~3];
static kws_event events[EVENTS_MAX];
static uint32_t  event_count, inferences, layer_count, last_bytes, all_scores;
static bool      is_complete;
static int32_t   input, output;

static void complain(uint32_t code, const char *text)
{
    print("parity: ");
    print(text);
    print("\n");
    leave(code);
}

static void take(void *to, size_t bytes)
{
    if (!file_read(input, to, bytes))
        complain(BAD_REQUEST, "the request ends too early");
}

static void put(const void *from, size_t bytes)
{
    if (!file_write(output, from, bytes))
        complain(CANNOT_WRITE, "the result cannot be written");
}

static void put_word(uint32_t word)
{
    put(&word, sizeof word);
}

/* PositionChecksum of KWSNumerics. */
static uint32_t mixed(uint32_t position, uint8_t value)
{
    uint32_t h = position << 8 | value;
    h = (h ^ h >> 16) * 0x9E3779B1u;
    h = (h ^ h >> 15) * 0xB504F333u;
    return h ^ h >> 16;
}

static void forget(void)
{
    for (uint32_t i = 0; i <= layer_count; i++)
        tensors[i] = (seen){0, 0};
}

static void observe(void *context, uint32_t layer, uint32_t row, const uint8_t *values,
                    uint32_t count)
{
    const uint32_t first = row * count;
    const uint32_t index = layer == KWS_OBSERVE_FEATURES ? 0 : layer + 1;
    const uint32_t streamed = ((const kws_block_header *)MODEL.block)->streamed_layers;
    (void)context;
    if (streamed != 0 && index <= streamed) /* rows that are kept show in what follows */
        return;
    if (is_complete)
        forget();
    is_complete = false;
    for (uint32_t i = 0; i < count; i++) {
        tensors[index].checksum += mixed(first + i, values[i]);
        if (index != layer_count)
            continue;
        all_scores += mixed(inferences * last_bytes + first + i, values[i]);
        if (first + i < SCORES)
            scores[first + i] = values[i];
    }
    tensors[index].bytes += count;
    if (index == layer_count && tensors[index].bytes == last_bytes) {
        is_complete = true;
        inferences++;
    }
}

/* The block of the request, piece by piece: is it the one in flash? */
static void compare_block(uint32_t bytes)
{
    const uint8_t *block = MODEL.block;
    uint8_t        piece[64];
    bool           same = bytes == MODEL.block_bytes;
    for (uint32_t at = 0; at < bytes; at += sizeof piece) {
        const uint32_t count = bytes - at < sizeof piece ? bytes - at : (uint32_t)sizeof piece;
        take(piece, (count + 3) & ~3u);
        for (uint32_t i = 0; same && i < count; i++)
            same = piece[i] == block[at + i];
    }
    if (!same)
        complain(BAD_REQUEST, "the request's model is not the one in flash");
}

/* Polls until idle; the first error, or KWS_OK. */
static kws_status drain(kws *k)
{
    for (;;) {
        kws_event        event;
        const kws_status status = kws_poll(k, &event);
        if (status == KWS_EVENT) {
            if (event_count == EVENTS_MAX)
                complain(TOO_LARGE, "more events than there is room for");
            events[event_count++] = event;
        }
        if (status <= KWS_IDLE)
            return status;
    }
}

/* Pushes a clip chunk by chunk, polls until idle after each; the first error, or KWS_OK. */
static kws_status hear(kws *k, uint32_t count, uint32_t chunk, uint32_t *accepted)
{
    static int16_t pcm[CHUNK_MAX];
    uint32_t       held = 0, left = count; /* samples in pcm, and still in the file */
    kws_status     status = KWS_OK;
    bool           is_stuck = false;
    while (left > 0 || held > 0) {
        const uint32_t fresh = left < chunk - held ? left : chunk - held;
        take(pcm + held, fresh * sizeof *pcm);
        held += fresh;
        left -= fresh;
        if (status != KWS_OK || is_stuck) {
            held = 0; /* only reads on */
            continue;
        }
        const uint32_t taken = (uint32_t)kws_push(k, pcm, held);
        *accepted += taken;
        held -= taken;
        for (uint32_t i = 0; i < held; i++)
            pcm[i] = pcm[i + taken];
        status = drain(k);
        is_stuck = taken == 0; /* a ring that takes nothing after a drain never will */
    }
    if (count % 2 != 0)
        take(pcm, sizeof *pcm); /* filled up to four bytes */
    return status;
}

static void put_record(uint32_t clip, kws_status status, uint32_t accepted)
{
    if (status != KWS_OK) {
        forget();
        accepted = inferences = event_count = all_scores = 0;
        for (uint32_t i = 0; i < sizeof scores; i++)
            scores[i] = 0;
    }
    put_word(clip);
    put_word(LIBRARY);
    put_word((uint32_t)status);
    put_word(accepted);
    put_word(inferences);
    put_word(event_count);
    put_word(all_scores);
    put(tensors, (layer_count + 1) * sizeof *tensors);
    put(scores, sizeof scores);
    put(events, event_count * sizeof *events);
}

static void read_request(request *asked)
{
    take(asked, sizeof *asked);
    if (asked->magic != MAGIC_REQUEST || asked->version != VERSION)
        complain(BAD_REQUEST, "not a request of version 2");
    if (asked->mode != 0 || asked->implementations != LIBRARY || asked->input != 0)
        complain(BAD_REQUEST, "only checksums of PCM by the C library can be asked for here");
    if (asked->chunk == 0 || asked->chunk > CHUNK_MAX)
        complain(TOO_LARGE, "a chunk is too large");
    compare_block(asked->block_bytes);
}

int main(void)
{
    const kws_block_header *header = MODEL.block;
    const char             *words[2];
    char                    text[128];
    request                 asked;
    kws                    *k;
    if (command_words(text, sizeof text, words) != 2)
        complain(USAGE, "usage: parity REQUEST RESULT");
    if ((input = file_open(words[0], FILE_READ)) < 0)
        complain(NO_INPUT, "cannot open the request");
    read_request(&asked);
    if ((output = file_open(words[1], FILE_WRITE)) < 0)
        complain(NO_INPUT, "cannot open the result");

    layer_count = header->layer_count;
    if (layer_count > LAYERS_MAX)
        complain(TOO_LARGE, "the model has too many layers");
    last_bytes = SCORES;
    const kws_status made = kws_init(&k, &MODEL, memory, sizeof memory);
    if (made != KWS_OK)
        complain(1, kws_strerror(made));
    kws_observe(k, observe, NULL);

    put_word(MAGIC_RESULT);
    put(&asked.version, 4 * sizeof(uint32_t)); /* version, mode, implementations, input */
    put_word(layer_count);
    put_word(SCORES);
    put_word(asked.clips);
    for (uint32_t clip = 0; clip < asked.clips; clip++) {
        uint32_t count, accepted = 0;
        take(&count, sizeof count);
        kws_reset(k);
        forget();
        is_complete = false;
        inferences = event_count = all_scores = 0;
        for (uint32_t i = 0; i < sizeof scores; i++)
            scores[i] = 0;
        put_record(clip, hear(k, count, asked.chunk, &accepted), accepted);
    }
    return DONE;
}
