// SPDX-License-Identifier: Apache-2.0

// The elementary functions come from the platform's C library, not from Foundation: the tool
// starts faster, and nothing else of it is needed.
#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// Sine, cosine, powers and logarithms of a `Double`, for tables and the float front end.
enum Mathematics {
    static func cosine(_ x: Double) -> Double { cos(x) }
    static func sine(_ x: Double) -> Double { sin(x) }
    static func naturalLog(_ x: Double) -> Double { log(x) }
    static func power(_ x: Double, _ exponent: Double) -> Double { pow(x, exponent) }
    static func log2(_ x: Double) -> Double { naturalLog(x) / naturalLog(2) }

    /// Mel of a frequency in Hz: 1127 ln(1 + f / 700).
    static func mel(_ hertz: Double) -> Double { 1127 * log1p(hertz / 700) }
}
