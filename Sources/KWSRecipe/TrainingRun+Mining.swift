// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate
internal import KWSFrontEnd
internal import KWSGraph
internal import KWSModelFile

extension TrainingRun {
    /// Hard negatives (Arik et al. 2017): the windows of recordings without keywords in which the network,
    /// as it is, hears one, as examples of what is none.
    ///
    /// - Parameter recordings: of any length.
    /// - Returns: the windows where the network is surest, one a window's length, each recording by
    ///   itself; at most as many as there are training clips.
    /// - Throws: `EvaluationError` if a recording cannot be read, has a keyword's label, or the model has
    ///   no class for what is no keyword.
    package func falseAlarms(in recordings: DataSet) throws(EvaluationError) -> Examples {
        let description = recipe.model.description
        let background = try ClassMap(classes: description.labels).background(in: recipe.file)
        let keywords = description.keywords.map { description.labels[$0.classIndex] }
        if let clip = recordings.clips.first(where: {
            keywords.contains($0.label) || keywords.contains($0.word)
        }) {
            throw EvaluationError(
                .badData, clip.path, "a clip of the keyword '\(clip.label)' among negatives")
        }
        let streams = try FloatStreams(graph, description, keywords: [])
        let samples = frontEnd.definition.windowSamples
        let found = try Parallel.map(recordings.clips.count) {
            index throws(EvaluationError) -> [(score: UInt16, name: String, pcm: [Int16])] in
            let clip = recordings.clips[index]
            // A short clip is heard as training has it, with silence behind.
            var pcm = try clip.read()
            pcm += Array(repeating: 0, count: max(0, samples - pcm.count))
            return try streams.alarms(in: pcm, above: 0.5).map { score, window in
                (score, clip.path, Array(pcm[window]))
            }
        }
        let surest = found.joined().sorted { $0.score > $1.score }.prefix(training.count)
        return Examples(surest.map { ($0.name, $0.pcm) }, label: background)
    }
}

extension FloatStreams {
    /// The windows in which a keyword's smoothed posterior is above a limit, none over another.
    func alarms(
        in samples: [Int16], above limit: Double
    ) throws(EvaluationError) -> [(score: UInt16, window: Range<Int>)] {
        let audio = LabelledAudio(title: "negatives", samples: samples, words: [])
        let window = windowSamples
        return try traces(of: audio).flatMap { trace in
            trace.fired(threshold: UInt16(limit * 65536), lockout: window).map { end, score in
                (score, max(0, min(end, samples.count) - window)..<min(end, samples.count))
            }
        }
    }
}
