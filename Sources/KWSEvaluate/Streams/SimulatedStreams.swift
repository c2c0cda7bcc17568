// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// A number of streams of one maker.
package struct SimulatedStreams: AudioSource {
    package let maker: StreamMaker
    package let count: Int

    package init(_ maker: StreamMaker, count: Int) {
        self.maker = maker
        self.count = count
    }

    package var setting: String {
        let recipe = maker.recipe
        let snr = recipe.snr
        return "\(count) streams of \(recipe.streamSamples) samples, \(recipe.words) words, "
            + (recipe.otherShare > 0 ? "\(recipe.otherShare) of them others, " : "")
            + (snr.lowerBound < snr.upperBound ? "\(snr.lowerBound) to " : "")
            + "\(snr.upperBound) dB above noise, \(recipe.levels.lowerBound) to "
            + "\(recipe.levels.upperBound) dBFS, seed \(recipe.seed), recordings \(maker.checksum)"
    }

    package func audio(_ index: Int) -> LabelledAudio {
        let stream = maker.stream(index)
        return LabelledAudio(
            title: "\(JSON.decimal(stream.level, digits: 3)) dBFS", samples: stream.samples,
            words: stream.words.map { .init(label: $0.label, spoken: $0.spoken) })
    }
}
