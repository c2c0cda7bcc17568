// SPDX-License-Identifier: Apache-2.0

// Goal: from logarithms to int8 features, all kinds but PCEN are what SPEC.md 5, step 6, says, for the
// frames that a decision looks at.
// Method: the formulas again in wide integers and Double floors, with tables by their definition,
// from the logarithms that the instance keeps and the PCM that was pushed. (PCEN and waveform, whose instances keep
// other numbers, is compared with the library in LibraryTests, and both with doubles in
// FrontEndTablesTests and test_pcen.c.)

internal import Foundation
internal import KWSNumerics
internal import KWSReference
internal import Testing

@Suite struct FeatureTests {
    static func frontEnd(_ features: Int, _ random: inout SplitMix64) -> TestFrontEnd {
        var frontEnd = TestFrontEnd(
            features: features, frameSamples: 160, hopSamples: 80, frameCount: 5, fftPoints: 256)
        if features == 0x206 {
            frontEnd.fftPoints = 0
        } else {
            frontEnd.useTriangles(20)
        }
        frontEnd.logOffset = -40000
        frontEnd.logFloor = features == 0x203 ? -9000 : -2000
        let hasCosines = features == 0x202 || features == 0x203
        let count = hasCosines ? 12 : features == 0x206 ? frontEnd.frameSamples : 20
        if hasCosines {
            frontEnd.dct = (0..<count).map { k in
                (0..<20).map { j in
                    Int((3000 * cos(Double.pi * Double(k) * (Double(j) + 0.5) / 20)).rounded())
                }
            }
        }
        if features == 0x205 {
            // s = 1/40, alpha = 0.98, r = 1/2, eps = 2^-20, delta = 2, up to 2^3; origin 8.
            frontEnd.pcen = [819, 32113, 16384, -12288, 1024, 3072, -164, -1]
        }
        // l is about 2^13, a coefficient up to 20 * 3000 times that, a root or 256
        // samples up to 2^23.
        frontEnd.shift = features >= 0x205 ? 12 : hasCosines ? 15 : 4
        frontEnd.multipliers = (0..<count).map { _ in
            Int16.random(in: 8000...32767, using: &random)
        }
        frontEnd.biases = (0..<count).map { _ in Int32.random(in: -5000...5000, using: &random) }
        return frontEnd
    }

    static func log2q10(_ u: Int) -> Int {
        let p = Int(log2(Double(u)).rounded(.down))
        let h = p > 15 ? u >> (p - 15) : u << (15 - p)
        let (i, f) = ((h >> 10) & 31, h & 1023)
        func entry(_ i: Int) -> Int { Int((32768 * log2(1 + Double(i) / 32)).rounded()) }
        let v = entry(i) + ((entry(i + 1) - entry(i)) * f) >> 10
        return p * 1024 + (v + 16) >> 5
    }

    static func logadd(_ a: Int, _ b: Int) -> Int {
        let d = abs(a - b)
        if d >= 10240 { return max(a, b) }
        func entry(_ i: Int) -> Int { Int((1024 * log2(1 + exp2(-Double(i) / 4))).rounded()) }
        let (i, f) = (d >> 8, d & 255)
        return max(a, b) + (entry(i) * 256 + (entry(i + 1) - entry(i)) * f + 128) >> 8
    }

    static func row(_ l: [Int], _ frontEnd: TestFrontEnd, peak: Int) -> [Int] {
        var l = l
        if frontEnd.features == 0x203 {
            let lp = log2q10(max(1, peak))
            let least = min(32767, max(-32768, lp + frontEnd.logFloor))
            l = l.map { min(32767, max(-32768, logadd($0, least) - lp)) }
        }
        if frontEnd.features == 0x204 {
            l = l.map {
                $0 == -32768 ? frontEnd.logFloor : min(32767, logadd($0, frontEnd.logFloor))
            }
        }
        let accs =
            frontEnd.dct.isEmpty ? l : frontEnd.dct.map { zip($0, l).map(*).reduce(0, +) }
        return accs.indices.flatMap { k in
            let m = Double(accs[k]) * Double(frontEnd.multipliers[k])
            let sum = (m / 65536).rounded(.down) + Double(frontEnd.biases[k])
            let v = (sum / exp2(Double(frontEnd.shift))).rounded(.down)
            guard frontEnd.hasFinePlane else { return [Int(min(255, max(0, v)))] }
            // Sixteenths of a step; the coarse byte is the nearest step, halves upwards.
            let sixteenths = min(32767, max(-32768, v))
            let coarse = min(255, max(0, (sixteenths / 16 + 0.5).rounded(.down)))
            return [Int(coarse), Int(min(255, max(0, sixteenths - 16 * coarse + 128)))]
        }
    }

    @Test(arguments: [0x201, 0x202, 0x203, 0x204], [false, true])
    func equalTheirFormulas(features: Int, hasFinePlane: Bool) throws {
        let seed: UInt64 = 71
        var random = SplitMix64(seed: seed)
        var frontEnd = Self.frontEnd(features, &random)
        if hasFinePlane {
            frontEnd.hasFinePlane = true
            frontEnd.shift -= 4
        }
        let hop = frontEnd.hopSamples
        var seen = Set<Int>()
        for (name, pcm) in TestSounds.all(hop * 12, seed: seed) {
            try TestModel.listening(frontEnd).block().withSpotter { spotter in
                var rows: [[Int]] = []
                for step in 0..<12 {
                    _ = try spotter.hear(pcm[hop * step..<hop * (step + 1)])
                    if step >= frontEnd.lag {
                        rows.append(
                            spotter.logarithms(ofFrame: step - frontEnd.lag).map { Int($0) })
                    }
                    guard step + 1 >= frontEnd.windowHops else { continue }
                    let heard = pcm[hop * (step + 1 - frontEnd.windowHops)..<hop * (step + 1)]
                    let expected = rows.suffix(frontEnd.frameCount).flatMap {
                        Self.row($0, frontEnd, peak: Int(heard.max() ?? 0))
                    }
                    let found = spotter.features.map { Int($0) }
                    #expect(found == expected, "\(name), step \(step), seed \(seed)")
                    seen.formUnion(found)
                }
                #expect(spotter.decisions == UInt64(12 - frontEnd.windowHops + 1))
            }
        }
        #expect(seen.count > 64, "\(seen.count)")
    }
}
