// SPDX-License-Identifier: Apache-2.0
//
// Goal: the public headers are C++. Method: this file is compiled as such, and links the library.
#include "kws.h"
#include "kws_model.h"

int main()
{
    kws_model model{};
    kws_model_load(&model, nullptr, 0);
    return kws_model_check(&model) == KWS_ERROR_NULL && kws_required_size(&model) == 0 ? 0 : 1;
}
