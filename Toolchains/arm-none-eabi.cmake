# SPDX-License-Identifier: Apache-2.0
# What the toolchain files of all cores share; they set KWS_CPU, maybe KWS_FLOAT_ABI, and include
# this.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

if(NOT DEFINED KWS_FLOAT_ABI)
    set(KWS_FLOAT_ABI soft)
endif()
set(CMAKE_C_FLAGS_INIT
    "-mcpu=${KWS_CPU} -mthumb -mfloat-abi=${KWS_FLOAT_ABI} -ffunction-sections -fdata-sections")
set(CMAKE_ASM_FLAGS_INIT "${CMAKE_C_FLAGS_INIT}")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
