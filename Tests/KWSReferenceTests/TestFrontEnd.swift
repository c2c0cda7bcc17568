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
    /// 0: none.
    var whitening = 0
    /// First bin and weights of each band, at most 32767 together.
    var bands: [(first: Int, weights: [Int])] = []
    /// `[coefficient][band]`.
    var dct: [[Int]] = []
    /// kws_pcen in its eight halves.
    var pcen: [Int] = []
    var multipliers: [Int16] = []
    var biases: [Int32] = []

    var hasFloor: Bool { features != 0x203 && features != 0x204 }
    var lag: Int { (frameSamples + hopSamples - 1) / hopSamples - 1 }
    var windowHops: Int { frameCount + lag }
    var featureCount: Int {
        features == 0x206 ? frameSamples : dct.isEmpty ? bands.count : dct.count
    }
    var points: Int { fftPoints / 2 }

    /// Hann, periodic, Q14.
    var window: [Int] {
        (0..<frameSamples).map {
            Int((8192 * (1 - cos(2 * .pi * Double($0) / Double(frameSamples)))).rounded())
        }
    }

    /// Q10: any number for each band.
    func logOffset(ofBand band: Int) -> Int { -37 * band }

    /// `T(2g)`, `g < M/2`; `T(g)` and `T3(g)`, `g < M/4`; the turns counted by half circles.
    private var twiddles: [Int] {
        func reversed(_ g: Int) -> Double {
            g == 0 ? 0 : (Double(g % 2) + reversed(g / 2)) / 2
        }
        let turns =
            (0..<points / 2).map { reversed(2 * $0) }
            + (0..<points / 4).flatMap { [reversed($0), reversed($0) + reversed(2 * $0)] }
        return turns.flatMap { turn in
            [cos(.pi * turn), -sin(.pi * turn)].map { min(32766, 2 * Int(($0 * 16384).rounded())) }
        }
    }

    /// Triangles of equal width over all bins; each overlaps its neighbours by half.
    mutating func useTriangles(_ count: Int) {
        let step = Double(points) / Double(count + 1)
        bands = (0..<count).map { band in
            let centre = step * Double(band + 1)
            let first = max(0, Int((centre - step).rounded(.up)))
            let last = min(points, Int((centre + step).rounded(.down)))
            let weights = (first...last).map { bin in
                max(0, 1 - abs(Double(bin) - centre) / step)
            }
            // The sum of the rounded ones is 32767 at most.
            let unit = Double(32767 - weights.count) / max(1, weights.reduce(0, +))
            return (first, weights.map { Int((unit * $0).rounded()) })
        }
    }

    func write(to writer: inout BlockWriter) -> Int {
        let entries = bands.indices.flatMap { band in
            [bands[band].first, bands[band].weights.count, logOffset(ofBand: band)]
        }
        let tables = [
            writer.part(halves: window),
            writer.part(halves: twiddles),
            writer.part(halves: entries),
            writer.part(halves: bands.flatMap(\.weights)),
            dct.isEmpty && pcen.isEmpty ? 0 : writer.part(halves: dct.flatMap { $0 } + pcen),
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
        writer.bytes([UInt8(whitening), hasFinePlane ? 1 : 0])
        writer.words([logOffset, logFloor, pcmCapacity ?? hopSamples * (lag + 4)])
        writer.words(tables + [0])
        return offset
    }
}
