// SPDX-License-Identifier: Apache-2.0

/// What a model costs on one board.
package struct BenchResult: Sendable {
    package struct Layer: Sendable {
        package var name: String
        package var operation: String
        package var macs: Int
        package var tally: BenchCounts.Tally
    }

    package var board: EmulatedBoard
    package var model: BenchModel
    package var counts: BenchCounts
    /// Functions that an inference executes, and the constants of their files.
    package var codeBytes: Int
    /// The same of what only the front end and the detector execute.
    package var frontEndCodeBytes: Int
    /// All that was linked from libkws.a, checks included.
    package var libraryCodeBytes: Int
    package var stackBytes: Int
    package var pollStackBytes: Int

    package var inference: BenchCounts.Tally { counts[region: BenchCounts.Region.inference] }
    package var engine: BenchCounts.Tally { counts[region: BenchCounts.Region.engine] }

    package var layers: [Layer] {
        model.layers.enumerated().map { index, layer in
            Layer(
                name: layer.name, operation: layer.operation, macs: layer.macs,
                tally: counts.layer(index))
        }
    }

    /// The same of a decision: of layers that keep rows the mean of a window's rows, as often as a
    /// decision brings new ones.
    package var decisionLayers: [Layer] {
        zip(model.layers, layers).map { shape, layer in
            guard let rows = shape.newRows else { return layer }
            var layer = layer
            let all = max(1, layer.tally.intervals)
            func share(_ number: Int) -> Int { (number * rows + all / 2) / all }
            layer.macs = share(layer.macs)
            layer.tally.instructions = share(layer.tally.instructions)
            layer.tally.cycles = share(layer.tally.cycles)
            layer.tally.classes = layer.tally.classes.map {
                BenchCounts.Class(name: $0.name, count: share($0.count))
            }
            return layer
        }
    }

    /// The most that one call of kws_poll() took; 0 without a front end.
    package var worstPollInstructions: Int { polls.map(\.worstInstructions).max() ?? 0 }
    package var worstPollCycles: Int { polls.map(\.worstCycles).max() ?? 0 }

    /// Cycles of one second of audio, in millions: the clock that real time needs.
    package var megahertz: Double {
        let hop = Double(counts[region: BenchCounts.Region.featurePoll].worstCycles)
        let inference = Double(counts[region: BenchCounts.Region.inferencePoll].worstCycles)
        return (hop * model.hopsPerSecond + inference * model.networkPollsPerSecond) / 1e6
    }

    /// Instructions a second of audio in polls that run the network, and a decision; the mean.
    package var networkInstructionsPerSecond: Double {
        let poll = counts[region: BenchCounts.Region.inferencePoll]
        return Double(poll.instructions) / Double(max(1, poll.intervals))
            * model.networkPollsPerSecond
    }

    package var decisionInstructions: Int {
        guard model.inferencesPerSecond > 0 else { return 0 }
        return Int((networkInstructionsPerSecond / model.inferencesPerSecond).rounded())
    }

    private var polls: [BenchCounts.Tally] {
        [
            counts[region: BenchCounts.Region.featurePoll],
            counts[region: BenchCounts.Region.inferencePoll],
        ]
    }

    /// One frame of features, as the kernel of the front end computes it.
    package var frameInstructions: Int { frame(\.worstInstructions) }
    package var frameCycles: Int { frame(\.worstCycles) }

    private func frame(_ value: KeyPath<BenchCounts.Tally, Int>) -> Int {
        [BenchCounts.Region.frame, BenchCounts.Region.finish]
            .reduce(0) { $0 + counts[region: $1][keyPath: value] }
    }
}
