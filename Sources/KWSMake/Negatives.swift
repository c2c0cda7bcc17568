// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSEvaluate
internal import KWSNumerics

/// What no one recorded: pieces of the words that are not the words, and noise of several colours.
struct Negatives {
    struct Negative {
        var path: String
        var label: String
    }

    let windowSamples: Int
    private var random: SplitMix64

    init(windowSamples: Int, seed: UInt64) {
        self.windowSamples = windowSamples
        random = SplitMix64(seed: seed, index: 1)
    }

    /// Writes up to 600 spoken negatives and 120 noises into a folder.
    ///
    /// A spoken one is half a word, a word backwards, or the halves of two words in a row, always of
    /// people to train on.
    mutating func write(
        _ prepared: [TrainingSet.Prepared], to folder: String
    ) throws(EvaluationError) -> [Negative] {
        try TrainingSet.make(folder: folder)
        var made: [Negative] = []
        func put(_ samples: [Int16], _ label: String) throws(EvaluationError) {
            let path = "\(folder)/\(made.count).wav"
            try AudioFile.write(samples, to: path)
            made.append(Negative(path: path, label: label))
        }
        let sources = prepared.filter { $0.recording.isWord && $0.recording.part == .train }
        for number in 0..<min(600, sources.count / 2) {
            let first = sources[random.below(sources.count)]
            let second = sources[random.below(sources.count)]
            let word = try spoken(first)
            var piece = word
            switch number % 3 {
            case 0: piece = half(word, isHead: random.below(2) == 0)
            case 1: piece = word.reversed()
            default:
                guard first.recording.kind != second.recording.kind else {
                    piece = half(word, isHead: true)
                    break
                }
                piece = half(word, isHead: true) + half(try spoken(second), isHead: false)
            }
            try put(centred(piece), TrainingSet.unknown)
        }
        for number in 0..<120 { try put(noise(colour: number % 3), TrainingSet.silence) }
        return made
    }

    private func spoken(
        _ item: TrainingSet.Prepared
    ) throws(EvaluationError) -> [Int16] {
        Array(try AudioFile.read(item.path)[item.spoken])
    }

    /// Four to six tenths of a word from its head or to its end, faded over 10 ms.
    private mutating func half(_ word: [Int16], isHead: Bool) -> [Int16] {
        let count = Int(Double(word.count) * random.uniform(0.4...0.6))
        var piece = Array(isHead ? word.prefix(count) : word.suffix(count))
        let fade = min(160, piece.count)
        for i in 0..<fade {
            let at = isHead ? piece.count - 1 - i : i
            piece[at] = Int16(Int(piece[at]) * i / fade)
        }
        return piece
    }

    private func centred(_ piece: [Int16]) -> [Int16] {
        let start = (windowSamples - piece.count) / 2
        return (0..<windowSamples).map { i in
            piece.indices.contains(i - start) ? piece[i - start] : 0
        }
    }

    /// White, pink (one pole) or brown noise between -75 and -20 dB of full scale.
    private mutating func noise(colour: Int) -> [Int16] {
        let memory = [0, 0.9, 0.995][colour]
        let level = 32768 * pow(10, random.uniform(-75 ... -20) / 20)
        // A one-pole filter of uniform noise has the power 1 / (3 (1 - memory^2)).
        let gain = level * (3 * (1 - memory * memory)).squareRoot()
        var state = 0.0
        return (0..<windowSamples).map { _ in
            state = memory * state + random.uniform(-1...1)
            return Int16(max(-32768, min(32767, (gain * state).rounded())))
        }
    }
}
