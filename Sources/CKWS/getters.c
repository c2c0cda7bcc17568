/* SPDX-License-Identifier: Apache-2.0 */
#include "detector.h"

/* NULL without an instance or without the part. */
static const kws_front_end *front_end_of(const kws *k)
{
    return k != NULL ? kws_front_end_of(k->model) : NULL;
}

static const kws_detector *detector_of(const kws *k)
{
    return k != NULL ? kws_detector_of(k->model) : NULL;
}

const char *kws_model_name(const kws *k)
{
    return k != NULL ? kws_part(k->model->block, kws_header(k->model)->name_offset) : NULL;
}

uint32_t kws_class_count(const kws *k)
{
    return k != NULL ? kws_header(k->model)->label_count : 0;
}

const char *kws_class_label(const kws *k, uint32_t class_index)
{
    if (class_index >= kws_class_count(k)) {
        return NULL;
    }
    const uint32_t *labels = kws_part(k->model->block, kws_header(k->model)->labels_offset);
    return kws_part(k->model->block, labels[class_index]);
}

uint32_t kws_keyword_count(const kws *k)
{
    const kws_detector *detector = detector_of(k);
    return detector != NULL ? kws_keywords_and_phrases(detector) : 0;
}

const char *kws_label(const kws *k, uint32_t keyword)
{
    if (keyword >= kws_keyword_count(k)) {
        return NULL;
    }
    const kws_detector *detector = kws_detector_of(k->model);
    const void         *block = k->model->block;
    if (keyword >= detector->keyword_count) {
        const kws_phrase *phrases = kws_part(block, detector->phrases_offset);
        return kws_part(block, phrases[keyword - detector->keyword_count].name_offset);
    }
    const kws_keyword *keywords = kws_part(block, detector->keywords_offset);
    return kws_class_label(k, keywords[keyword].class_index);
}

uint32_t kws_feature_count(const kws *k)
{
    return k != NULL ? kws_elements(kws_tensors(k->model)) : 0;
}

uint32_t kws_row_count(const kws *k)
{
    return kws_hop_rows(k) != 0 ? kws_tensors(k->model)->height : 0;
}

uint32_t kws_hop_rows(const kws *k)
{
    return k != NULL ? kws_header(k->model)->hop_rows : 0;
}

uint32_t kws_sample_rate(const kws *k)
{
    const kws_front_end *front_end = front_end_of(k);
    return front_end != NULL ? front_end->sample_rate : 0;
}

uint32_t kws_hop_samples(const kws *k)
{
    const kws_front_end *front_end = front_end_of(k);
    return front_end != NULL ? front_end->hop_samples : 0;
}

uint32_t kws_window_samples(const kws *k)
{
    const kws_front_end *front_end = front_end_of(k);
    return front_end != NULL ? (uint32_t)front_end->hop_samples * front_end->window_hops : 0;
}

uint32_t kws_overruns(const kws *k)
{
    return k != NULL ? k->overruns : 0;
}
