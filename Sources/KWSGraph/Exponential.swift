// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// `e^x` in float, computed in double so that it does not depend on the host's float library.
func exponential(_ x: Float) -> Float { Float(exp(Double(x))) }

/// `1 / (1 + e^-x)`, likewise.
func sigmoid(_ x: Float) -> Float { Float(1 / (1 + exp(-Double(x)))) }

/// `tanh x`, likewise.
func hyperbolicTangent(_ x: Float) -> Float { Float(tanh(Double(x))) }
