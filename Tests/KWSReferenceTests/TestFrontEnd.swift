// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A front end as tests write it down, with its tables by the formulas of SPEC.md section 5.
struct TestFrontEnd {
    var features = 0x201
    var frameSamples = 128
    var hopSamples = 64
    var frameCount = 3
    var fftPoints = 128
    var isPower = false
    var shift = 0
    var preemphasis = 0
    var hasFinePlane = false
    var logOffset = 0
    var logFloor = -32768
    /// nil: three hops more than needed.
    var pcmCapacity: Int?
    /// First bin and Q15 weights of each band.
    var bands: [(first: Int, weights: [Int])] = []
    /// `[coefficient][band]`.
    var dct: [[Int]] = []
    var multipliers: [Int16] = []
    var biases: [Int32] = []

    var lag: Int { (frameSamples + hopSamples - 1) / hopSamples - 1 }
    var windowHops: Int { frameCount + lag }
    var featureCount: Int { dct.isEmpty ? bands.count : dct.count }
    var points: Int { fftPoints / 2 }
    var radix4Levels: Int { points.trailingZeroBitCount / 2 }
    var inputShift: Int { (points.trailingZeroBitCount + 1) / 2 }

    /// Hann, periodic.
    var window: [Int] {
        (0..<frameSamples).map {
            Self.q15(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(frameSamples)))
        }
    }

    static func q15(_ v: Double) -> Int { min(32767, Int((32768 * v).rounded())) }

    /// Triangles of equal width over all bins; each overlaps its neighbours by half.
    mutating func useTriangles(_ count: Int) {
        let step = Double(points) / Double(count + 1)
        bands = (0..<count).map { band in
            let centre = step * Double(band + 1)
            let first = max(0, Int((centre - step).rounded(.up)))
            let last = min(points, Int((centre + step).rounded(.down)))
            let weights = (first...last).map { bin in
                Int((32768 * max(0, 1 - abs(Double(bin) - centre) / step)).rounded())
            }
            return (first, weights)
        }
    }

    func write(to writer: inout BlockWriter) -> Int {
        func pairs(_ count: Int, _ period: Int) -> [Int] {
            (0..<count).flatMap { j in
                let angle = 2 * Double.pi * Double(j) / Double(period)
                return [Self.q15(cos(angle)), Self.q15(-sin(angle))]
            }
        }
        let tables = [
            writer.part(halves: window),
            writer.part(
                halves: pairs(3 * points / 4, points) + pairs(points / 2, fftPoints)),
            writer.part(halves: bands.flatMap { [$0.first, $0.weights.count] }),
            writer.part(halves: bands.flatMap(\.weights)),
            dct.isEmpty ? 0 : writer.part(halves: dct.flatMap { $0 }),
            writer.part(halves: multipliers.map { Int($0) }),
            writer.part(words: biases.map { Int($0) }),
        ]
        let offset = writer.end
        writer.halves([
            features, 16000, frameSamples, hopSamples, frameCount, windowHops, bands.count,
            featureCount, fftPoints,
        ])
        writer.bytes([isPower ? 1 : 0, UInt8(shift)])
        writer.halves([preemphasis])
        writer.bytes([UInt8(inputShift), hasFinePlane ? 1 : 0])
        writer.words([logOffset, logFloor, pcmCapacity ?? hopSamples * (lag + 4)])
        writer.words(tables + [0])
        return offset
    }
}
