// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSNumerics

/// Mixes clips of words into noise; stream `i` depends on the recipe and `i` alone.
package struct StreamMaker: Sendable {
    /// A clip with its spoken part.
    private struct Source: Sendable {
        var label: String
        var samples: [Int16]
        var spoken: Range<Int>
        /// RMS over the spoken part, in steps.
        var level: Double
    }

    package let recipe: StreamRecipe
    /// Those of keywords, then those of other words.
    private let sources: [Source]
    private let keywords: Int
    private let noises: [(name: String, samples: [Int16])]

    /// - Parameters:
    ///   - clips: recordings of keywords.
    ///   - others: of words that nobody waits for.
    ///   - noises: recordings to mix them into, of any length.
    /// - Throws: if there are no clips or noises, a clip or noise is silent, or the words do not fit
    ///   into a stream.
    package init(
        _ recipe: StreamRecipe, clips: [(name: String, label: String, samples: [Int16])],
        others: [(name: String, label: String, samples: [Int16])] = [],
        noises: [(name: String, samples: [Int16])]
    ) throws(EvaluationError) {
        guard !clips.isEmpty else {
            throw EvaluationError(.badData, "streams", "no clip of a keyword")
        }
        guard recipe.otherShare == 0 || !others.isEmpty else {
            throw EvaluationError(.badData, "streams", "no clip of another word")
        }
        self.recipe = recipe
        keywords = clips.count
        // Files of silence are part of published noise sets; they can't be scaled to a level.
        self.noises = noises.filter { Self.rms($0.samples[...], mean: 0) >= 1 }
        guard !self.noises.isEmpty else {
            throw EvaluationError(.badData, "streams", "no noise louder than one step")
        }
        var sources = [Source]()
        for (name, label, samples) in clips + others {
            let spoken = EnergyGate.word(in: samples)
            let level = Self.rms(samples[spoken], mean: 0)
            guard level >= 1 else {
                throw EvaluationError(.badData, name, "silent; allowed: a spoken word")
            }
            sources.append(Source(label: label, samples: samples, spoken: spoken, level: level))
        }
        self.sources = sources
        let longest = sources.map(\.samples.count).max() ?? 0
        guard recipe.words * longest + StreamEvaluation.toleranceSamples <= recipe.streamSamples
        else {
            throw EvaluationError(
                .badData, "streams",
                "\(recipe.words) words of up to \(longest) samples do not fit into "
                    + "\(recipe.streamSamples)")
        }
    }

    /// Of all recordings.
    package var checksum: UInt32 {
        var crc = CRC32()
        for samples in sources.map(\.samples) + noises.map(\.samples) {
            samples.withUnsafeBytes { crc.add($0) }
        }
        return crc.value
    }

    /// Makes a stream.
    package func stream(_ index: Int) -> SimulatedStream {
        var random = SplitMix64(seed: recipe.seed, index: index)
        let chosen = choose(&random)
        let starts = place(chosen, &random)
        let level = random.uniform(recipe.levels)
        let snr = draw(recipe.snr, &random)
        let loudness = 32768 * pow(10, level / 20)
        let (name, noise) = cut(&random)
        let mean = noise.reduce(0.0) { $0 + Double($1) } / Double(noise.count)
        let gain =
            loudness * pow(10, -snr / 20) / max(1, Self.rms(noise[...], mean: mean))
        var mix = noise.map { (Double($0) - mean) * gain }
        var words = [SimulatedStream.Word]()
        for (clip, start) in zip(chosen, starts) {
            let source = sources[clip]
            let (samples, level) = heard(source, &random)
            let gain = loudness / level
            for (i, sample) in samples.enumerated() { mix[start + i] += Double(sample) * gain }
            words.append(
                .init(
                    spoken: start + source.spoken.lowerBound..<start + source.spoken.upperBound,
                    clip: clip, label: source.label))
        }
        let samples = mix.map { Int16(min(32767, max(-32768, $0.rounded(.toNearestOrEven)))) }
        return SimulatedStream(samples: samples, words: words, noise: name, level: level)
    }

    /// A clip as it sounds where it is spoken, and its level there.
    private func heard(
        _ source: Source, _ random: inout SplitMix64
    ) -> (samples: [Float], level: Double) {
        let samples = source.samples.map { Float($0) }
        guard let rooms = recipe.rooms else { return (samples, source.level) }
        let placed = rooms.place(samples, &random)
        let power = placed[source.spoken].reduce(0.0) { $0 + Double($1) * Double($1) }
        return (placed, (power / Double(source.spoken.count)).squareRoot())
    }

    /// Clips without repetition, as long as there are enough.
    private func choose(_ random: inout SplitMix64) -> [Int] {
        var pools = [Array(0..<keywords), Array(keywords..<sources.count)]
        return (0..<recipe.words).map { _ in
            let isOther = recipe.otherShare > 0 && random.unit() < recipe.otherShare
            let kind = isOther ? 1 : 0
            if pools[kind].isEmpty {
                pools[kind] = Array(isOther ? keywords..<sources.count : 0..<keywords)
            }
            return pools[kind].remove(at: random.below(pools[kind].count))
        }
    }

    /// What is no range takes no number.
    private func draw(_ range: ClosedRange<Double>, _ random: inout SplitMix64) -> Double {
        range.lowerBound < range.upperBound ? random.uniform(range) : range.lowerBound
    }

    /// Start samples in order, so that clips do not overlap and the last one leaves the tolerance.
    private func place(_ chosen: [Int], _ random: inout SplitMix64) -> [Int] {
        let lengths = chosen.map { sources[$0].samples.count }
        let free = recipe.streamSamples - StreamEvaluation.toleranceSamples - lengths.reduce(0, +)
        let cuts = lengths.map { _ in random.below(free + 1) }.sorted()
        var before = 0
        return zip(cuts, lengths).map { cut, length in
            defer { before += length }
            return cut + before
        }
    }

    /// A stream's length of one noise from a random place on, starting over at its end.
    private func cut(_ random: inout SplitMix64) -> (name: String, samples: [Int16]) {
        let (name, samples) = noises[random.below(noises.count)]
        let offset = random.below(samples.count)
        let cut = (0..<recipe.streamSamples).map { samples[(offset + $0) % samples.count] }
        return (name, cut)
    }

    private static func rms(_ samples: ArraySlice<Int16>, mean: Double) -> Double {
        let power = samples.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        return (power / Double(max(1, samples.count))).squareRoot()
    }
}
