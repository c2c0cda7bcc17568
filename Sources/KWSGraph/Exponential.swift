// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// `e^x` in float, computed in double so that it does not depend on the host's float library.
func exponential(_ x: Float) -> Float { Float(exp(Double(x))) }
