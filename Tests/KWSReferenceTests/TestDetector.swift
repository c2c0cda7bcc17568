// SPDX-License-Identifier: Apache-2.0

/// A detector as tests write it down.
struct TestDetector {
    var inferenceHops = 1
    var smoothing = 1
    var lockoutHops = 0
    var contrast = 0
    var keywords: [(classIndex: Int, threshold: Int)] = []

    func write(to writer: inout BlockWriter) -> Int {
        let offset = writer.part(
            halves: [inferenceHops, smoothing, lockoutHops, keywords.count])
        writer.words([offset + 16, contrast])
        writer.halves(keywords.flatMap { [$0.classIndex, $0.threshold] })
        return offset
    }
}
