// SPDX-License-Identifier: Apache-2.0

// Goal: spectrum and logarithms are those of the definition, within what the roundings of SPEC.md
// section 5 can make of them.
// Method: a plain DFT in Double and band sums over it, bounds derived in PlainFrame; sounds of
// every kind and size, all transform lengths, both spectra.

internal import Foundation
internal import KWSReference
internal import Testing

@Suite struct FrontEndTests {
    struct Case: CustomTestStringConvertible {
        var fftPoints: Int
        var frameSamples: Int
        var hopSamples: Int
        var isPower: Bool
        var preemphasis: Int
        var whitening = 0

        var testDescription: String { "N = \(fftPoints), frame \(frameSamples), \(isPower)" }

        var frontEnd: TestFrontEnd {
            var frontEnd = TestFrontEnd(
                frameSamples: frameSamples, hopSamples: hopSamples, frameCount: 2,
                fftPoints: fftPoints, isPower: isPower, preemphasis: preemphasis)
            frontEnd.whitening = whitening
            frontEnd.useTriangles(min(200, fftPoints / 16))
            // A band without bins, one of weight 0, and one of all bins that may be.
            frontEnd.bands += [(3, []), (5, [0, 0]), (0, Array(repeating: 1023, count: 32))]
            frontEnd.logOffset = isPower ? -44000 : -36000
            frontEnd.multipliers = Array(repeating: 256, count: frontEnd.bands.count)
            frontEnd.biases = Array(repeating: 0, count: frontEnd.bands.count)
            return frontEnd
        }
    }

    static let cases = [64, 128, 256, 512, 1024, 2048, 4096].flatMap { n in
        [
            Case(
                fftPoints: n, frameSamples: n * 15 / 16, hopSamples: n / 2, isPower: false,
                preemphasis: 0),
            Case(
                fftPoints: n, frameSamples: n, hopSamples: n / 2, isPower: n % 3 == 1,
                preemphasis: 0, whitening: n % 5),
            Case(
                fftPoints: n, frameSamples: n, hopSamples: n / 3, isPower: true,
                preemphasis: 31744),
        ]
    }

    @Test(arguments: cases) func equalsThePlainTransform(one: Case) throws {
        let seed: UInt64 = 61
        let frontEnd = one.frontEnd
        let hop = frontEnd.hopSamples
        let steps = frontEnd.windowHops + 1
        for (name, pcm) in TestSounds.all(hop * steps, seed: seed) {
            try TestModel.listening(frontEnd).block().withSpotter { spotter in
                for step in 0..<steps {
                    let part = pcm[hop * step..<hop * (step + 1)]
                    _ = try spotter.hear(part)
                    let frame = step - frontEnd.lag
                    guard frame >= 0 else { continue }
                    let before = frame == 0 ? 0 : pcm[hop * frame - 1]
                    let samples = pcm[hop * frame..<hop * frame + frontEnd.frameSamples]
                    let comment = "\(name), frame \(frame), seed \(seed)"
                    Self.compare(
                        PlainFrame(
                            frontEnd, samples: [before] + samples, exponent: spotter.exponent),
                        spotter, frame, comment)
                }
            }
        }
    }

    static func compare(
        _ plain: PlainFrame, _ spotter: borrowing ReferenceSpotter, _ frame: Int,
        _ comment: String
    ) {
        let exponent = spotter.exponent
        let numbers = Array(spotter.spectrum).map { Double($0) }
        let spectrum = stride(from: 0, to: numbers.count, by: 2).map {
            (re: numbers[$0], im: numbers[$0 + 1])
        }
        let errors = zip(spectrum, plain.spectrum).map { hypot($0.re - $1.re, $0.im - $1.im) }
        let worst = errors.max() ?? .infinity
        #expect(exponent < 0 || worst <= plain.bound, "\(comment)")

        let logarithms = Array(spotter.logarithms(ofFrame: frame))
        for (band, l) in logarithms.enumerated() {
            let allowed = PlainFrame.logarithm(
                plain.frontEnd, band: band, spectrum, exponent: exponent)
            #expect(allowed.contains(Double(l)), "band \(band), \(comment)")
        }
    }

    /// A loud tone is a large multiple of the bound: at least 2^12, whatever the levels choose, since
    /// a level divides by 4 only what is 2^13 or more.
    @Test func boundsMeanSomething() {
        for one in Self.cases {
            #expect(PlainFrame.bound(one.frontEnd) < 4096 / 8, "\(one)")
        }
    }

    @Test func silenceIsTheFloor() throws {
        var frontEnd = Self.cases[2].frontEnd
        for floor in [-32768, -7000, 100] {
            frontEnd.logFloor = floor
            try TestModel.listening(frontEnd).block().withSpotter { spotter in
                _ = try spotter.hear(Array(repeating: 0, count: 8 * frontEnd.hopSamples))
                let logarithms = spotter.logarithms(ofFrame: 3)
                #expect(logarithms.allSatisfy { Int($0) == floor })
            }
        }
    }
}
