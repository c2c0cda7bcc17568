# SPDX-License-Identifier: Apache-2.0
# nofp leaves the integer vectors of MVE, which softfp lets the compiler use.
set(KWS_CPU cortex-m55+nofp)
set(KWS_FLOAT_ABI softfp)
include(${CMAKE_CURRENT_LIST_DIR}/arm-none-eabi.cmake)
