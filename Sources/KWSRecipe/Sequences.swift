// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate
package import KWSFrontEnd
package import KWSGraph
package import KWSModelFile
package import KWSTrain

/// Training sequences of a recipe with streams: words in noise, and what each row should say of them.
package struct Sequences: Sendable {
    /// Of an epoch.
    package let count: Int
    private let maker: StreamMaker
    private let frontEnd: FloatFrontEnd
    private let unrolled: UnrolledGraph
    private let lookAhead: Int
    /// Keywords by name.
    private let classes: [String: Int]
    private let silence: Int
    private let unknown: Int

    /// - Parameters:
    ///   - examples: clips of keywords and of other words.
    ///   - folder: what the noise's path is relative to.
    ///   - seed: another one, other sequences.
    /// - Throws: `EvaluationError` if a keyword has no clip, nothing is heard in a clip, or words do not
    ///   fit into a sequence.
    package init(
        _ stream: Recipe.Stream, _ examples: Examples, of recipe: Recipe, in folder: String,
        _ unrolled: UnrolledGraph, _ frontEnd: FloatFrontEnd, seed: UInt64
    ) throws(EvaluationError) {
        let description = recipe.model.description
        let map = ClassMap(classes: description.labels)
        let background = try map.background(in: recipe.file)
        (unknown, silence) = (background, map.silence ?? background)
        let keywords = Set(description.keywords.map(\.classIndex))
        var words: [(name: String, label: String, samples: [Int16])] = []
        var rest = words
        for index in 0..<examples.count {
            let label = examples.classes[index]
            guard label == background || keywords.contains(label) else {
                throw EvaluationError(
                    .badData, examples.names[index],
                    "a clip of '\(description.labels[label])'; allowed in streams: keywords and "
                        + "other words, for noise is their \"noise\"")
            }
            let clip = (examples.names[index], description.labels[label], examples.pcm[index])
            if keywords.contains(label) { words.append(clip) } else { rest.append(clip) }
        }
        for keyword in keywords.sorted() where !examples.classes.contains(keyword) {
            throw EvaluationError(
                .badData, recipe.file, "no clip of the keyword '\(description.labels[keyword])'")
        }
        var settings = StreamRecipe()
        settings.streamSamples = Int(stream.seconds * Double(frontEnd.definition.sampleRate))
        settings.words = stream.words
        settings.otherShare = stream.otherShare
        settings.snr = stream.decibels
        settings.levels = stream.levels
        settings.rooms = stream.rooms.map { Rooms($0, seed: seed) }
        settings.seed = seed
        let noise = try stream.noise.dataSet(in: folder).clips
        let noises = try Parallel.map(noise.count) { index throws(EvaluationError) in
            (name: noise[index].path, samples: try noise[index].read())
        }
        maker = try StreamMaker(settings, clips: words, others: rest, noises: noises)
        count = stream.sequences ?? max(1, examples.count / stream.words)
        classes = Dictionary(
            uniqueKeysWithValues: keywords.map { (description.labels[$0], $0) })
        self.unrolled = unrolled
        self.frontEnd = frontEnd
        lookAhead = stream.lookAheadFrames
    }

    /// Sequence `index`, from 0 on without end.
    package func features(_ index: Int) -> (features: [Float], targets: RowTargets) {
        let stream = maker.stream(index)
        return (frontEnd.rows(of: stream.samples), targets(of: stream))
    }

    /// A row speaks of the frame `lookAhead` before the last one that it sees, by that frame's centre.
    package func targets(of stream: SimulatedStream) -> RowTargets {
        let definition = frontEnd.definition
        let centres = (0..<unrolled.rows).map { row in
            (unrolled.lastFrame(of: row) - lookAhead) * definition.hopSamples
                + definition.frameSamples / 2
        }
        var background = Array(repeating: silence, count: unrolled.rows)
        var segments: [RowTargets.Segment] = []
        for word in stream.words {
            let first = centres.firstIndex { $0 >= word.spoken.lowerBound } ?? centres.count
            let end = centres.firstIndex { $0 >= word.spoken.upperBound } ?? centres.count
            guard first < end else { continue }
            if let label = classes[word.label] {
                segments.append(RowTargets.Segment(rows: first..<end, label: label))
            } else {
                for row in first..<end { background[row] = unknown }
            }
        }
        return RowTargets(background: background, segments: segments)
    }

    /// Several sequences as one batch.
    package func batch(_ indices: [Int]) throws(EvaluationError) -> Batch {
        let made = try Parallel.map(indices.count) { features(indices[$0]) }
        return Batch(inputs: made.flatMap(\.features), rows: made.map(\.targets))
    }
}
