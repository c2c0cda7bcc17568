// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate
internal import KWSFrontEnd
internal import KWSGraph
internal import KWSModelFile

/// What training on streams has beside the clips: sequences made of them, and the network run along
/// time.
struct TrainingStreams: Sendable {
    /// Sequences whose features tell mean and deviation.
    private static let calibrationSequences = 100

    let training: Sequences
    let validation: Sequences?
    /// Of the window's network as the recipe has it; the numbers do not matter.
    let unrolled: UnrolledGraph
    private let frames: Int

    /// - Returns: nil for a recipe without streams.
    /// - Throws: `GraphError` for a network that cannot be run along time, `EvaluationError` for clips
    ///   or a front end that make no streams.
    init?(
        _ recipe: Recipe, _ graph: FloatGraph, _ definition: FrontEndDefinition,
        training: Examples, validation: Examples?, in folder: String
    ) throws {
        guard let stream = recipe.stream else { return nil }
        guard definition.normalisation != .windowPeak else {
            throw EvaluationError(
                .badData, recipe.file,
                "a front end that divides by the window's largest sample; a stream has no window")
        }
        let samples = Int(stream.seconds * Double(definition.sampleRate))
        frames = (samples - definition.frameSamples) / definition.hopSamples + 1
        let unrolled = try UnrolledGraph(graph, frames: frames)
        let frontEnd = FloatFrontEnd(definition)
        func sequences(_ examples: Examples, seed: UInt64) throws(EvaluationError) -> Sequences {
            try Sequences(
                stream, examples, of: recipe, in: folder, unrolled, frontEnd, seed: seed)
        }
        self.unrolled = unrolled
        self.training = try sequences(training, seed: recipe.seed)
        self.validation = try validation.map { try sequences($0, seed: ~recipe.seed) }
    }

    /// The network with other numbers along time.
    func unrolled(_ graph: FloatGraph) throws(GraphError) -> FloatGraph {
        try UnrolledGraph(graph, frames: frames).graph
    }

    /// Features of some sequences.
    func calibration() throws(EvaluationError) -> [[Float]] {
        try Parallel.map(min(Self.calibrationSequences, training.count)) {
            training.features($0).features
        }
    }
}
