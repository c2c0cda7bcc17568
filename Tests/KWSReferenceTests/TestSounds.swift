// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSNumerics

/// PCM of every kind a front end may meet; `count` samples each.
struct TestSounds {
    static func all(_ count: Int, seed: UInt64) -> [(name: String, pcm: [Int16])] {
        var random = SplitMix64(seed: seed)
        var noises: [(String, [Int16])] = []
        for amplitude in [1, 30, 1000, 32767] {
            noises.append(
                (
                    "noise of \(amplitude)",
                    (0..<count).map { _ in
                        Int16(Int.random(in: -amplitude...amplitude, using: &random))
                    }
                ))
        }
        let tone = (0..<count).map { Int16(12000 * sin(0.31 * Double($0))) }
        let square = (0..<count).map { $0 / 5 % 2 == 0 ? Int16.max : Int16.min }
        let clicks = (0..<count).map { Int16($0 % 97 == 50 ? -32768 : 0) }
        let rising = (0..<count).map { Int16(32767 * $0 / count * ($0 % 3 - 1)) }
        return noises + [
            ("silence", Array(repeating: 0, count: count)),
            ("constant", Array(repeating: -32768, count: count)),
            ("tone", tone), ("square", square), ("clicks", clicks), ("rising", rising),
        ]
    }
}

extension TestModel {
    /// A front end in front of a softmax over all of its features.
    static func listening(
        _ frontEnd: TestFrontEnd, detector: TestDetector = TestDetector(keywords: [(0, 65535)])
    ) -> TestModel {
        let x = Tensor(
            height: frontEnd.frameCount, width: 1,
            channels: frontEnd.featureCount * (frontEnd.hasFinePlane ? 2 : 1))
        let flat = Tensor(height: 1, width: 1, channels: x.elements)
        var softmax = Layer(kernel: .softmax, input: 1, output: 2)
        // 0.05 a step: 0.05 log2(e) 2^(10+8).
        (softmax.shift, softmax.multipliers) = (8, [18909])
        let scores = Tensor(height: 1, width: 1, channels: 2 * x.elements)
        return TestModel(
            tensors: [x, flat, scores],
            layers: [Layer(kernel: .view, input: 0, output: 1), softmax],
            frontEnd: frontEnd, detector: detector)
    }
}
