/* SPDX-License-Identifier: Apache-2.0 */
#include "kws.h"

const char *kws_strerror(kws_status status)
{
    switch (status) {
    case KWS_OK:
        return "ok";
    case KWS_AGAIN:
        return "one step done";
    case KWS_EVENT:
        return "a keyword was heard";
    case KWS_ERROR_NULL:
        return "a required pointer is NULL";
    case KWS_ERROR_ALIGNMENT:
        return "memory or model is not aligned";
    case KWS_ERROR_MEMORY:
        return "too little memory";
    case KWS_ERROR_MAGIC:
        return "not a model";
    case KWS_ERROR_FORMAT:
        return "a model of another format version";
    case KWS_ERROR_TRUNCATED:
        return "the model is cut off";
    case KWS_ERROR_CHECKSUM:
        return "the model's checksum is wrong";
    case KWS_ERROR_MODEL:
        return "the model is not valid";
    case KWS_ERROR_KERNEL:
        return "a kernel of the model is missing";
    case KWS_ERROR_PACK:
        return "the model was packed for another core";
    case KWS_ERROR_ARGUMENT:
        return "an argument is out of range";
    case KWS_ERROR_NO_FRONT_END:
        return "the model has no front end";
    case KWS_ERROR_WINDOW:
        return "the model keeps no rows";
    }
    return "unknown status";
}
