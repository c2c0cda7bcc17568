// SPDX-License-Identifier: Apache-2.0

/// A detector as tests write it down.
struct TestDetector {
    var inferenceHops = 1
    var smoothing = 1
    var lockoutHops = 0
    var contrast = 0
    var energy = 0
    var keywords: [(classIndex: Int, threshold: Int)] = []
    var phrases: [(words: [Int], isOrdered: Bool, threshold: Int)] = []
    var phraseDecisions = 0

    func write(to writer: inout BlockWriter) -> Int {
        let offset = writer.part(
            halves: [inferenceHops, smoothing, lockoutHops, keywords.count])
        // Keywords, phrases and one name for all of these follow, at multiples of 4.
        let phrasesOffset = offset + 32 + 4 * keywords.count
        let name = phrasesOffset + 24 * phrases.count
        writer.words([offset + 32, contrast, energy])
        writer.halves([
            phrases.count, phraseDecisions, phrases.reduce(0) { $0 + $1.words.count }, 0,
        ])
        writer.words([phrasesOffset])
        writer.halves(keywords.flatMap { [$0.classIndex, $0.threshold] })
        for phrase in phrases {
            writer.words([name])
            let count = phrase.words.count
            writer.halves([phrase.threshold, count | (phrase.isOrdered ? 256 : 0)])
            writer.halves(phrase.words + Array(repeating: 0, count: 8 - count))
        }
        if !phrases.isEmpty { writer.words([0x6968]) }
        return offset
    }
}
