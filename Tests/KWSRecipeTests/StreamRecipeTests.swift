// SPDX-License-Identifier: Apache-2.0
//
// Goal: a recipe with streams makes the sequences that it says, learns from them, and names what does
// not fit. Method: bursts of tones of two pitches in silence, mixed into recorded noise; segments
// compared with where the mix has them.

import Foundation
import KWSEvaluate
import KWSFrontEnd
import KWSGraph
import KWSModelFile
import KWSNumerics
import KWSRecipe
import KWSTrain
import Testing

@Suite final class StreamRecipeTests: ToneClips {
    static let text = """
        {"description": {"name": "toy", "labels": ["unknown", "high"],
          "frontEnd": {"frameSamples": 512, "hopSamples": 512, "frameCount": 10, "fftPoints": 512,
            "window": "periodic-hann", "logarithm": {"naturalOfMaximum": 1e-6},
            "bands": {"kind": "triangles", "count": 12, "lowHertz": 100, "highHertz": 7000}},
          "detection": {"stride": 1, "smoothing": 2, "lockoutMilliseconds": 1000}},
         "network": {"input": [10, 12, 1], "layers": [
           {"kind": "context", "frames": 3},
           {"kind": "lstm", "units": 8, "projection": 4, "peepholes": true, "sequence": false},
           {"kind": "dense", "outputs": 2}]},
         "stream": {"seconds": 2.5, "sequences": 24, "noise": {"path": "hum"}, "decibels": [10, 20],
           "lookAheadFrames": 1, "loss": "frames"},
         "training": [{"path": "words"}], "optimiser": {"kind": "adam", "rate": 0.01},
         "epochs": 4, "batch": 8, "seed": 3}
        """

    override init() throws {
        try super.init()
        var random = SplitMix64(seed: 5)
        for (label, pitch) in [("high", 0.9), ("low", 0.2)] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/words/\(label)", withIntermediateDirectories: true)
            for number in 0..<4 {
                let bend = random.uniform(0.95...1.05)
                try write(
                    (0..<10000).map { i in
                        (2000..<8000).contains(i) ? Int16(6000 * sin(pitch * bend * Double(i))) : 0
                    }, to: "\(folder)/words/\(label)/\(number).wav")
            }
        }
        try FileManager.default.createDirectory(
            atPath: "\(folder)/hum/hum", withIntermediateDirectories: true)
        try write(
            (0..<40000).map { _ in Int16(random.uniform(-800...800)) },
            to: "\(folder)/hum/hum/0.wav")
    }

    private func trained(_ text: String = text) throws -> TrainingRun {
        try TrainingRun(try RecipeTests.load(text), data: folder, threads: 2)
    }

    @Test func segmentsLieWhereTheWordsAre() throws {
        let recipe = try RecipeTests.load(Self.text)
        let stream = try #require(recipe.stream)
        let definition = try #require(recipe.model.description.frontEnd)
        let unrolled = try UnrolledGraph(recipe.model.graph, frames: 78)
        let sequences = try Sequences(
            stream,
            try Examples(recipe.training, in: folder, labels: recipe.model.description.labels),
            of: recipe, in: folder, unrolled,
            FloatFrontEnd(definition), seed: 1)
        #expect(unrolled.rows == 76)
        let made = SimulatedStream(
            samples: [],
            words: [
                .init(spoken: 5120..<10240, clip: 0, label: "high"),
                .init(spoken: 20480..<25600, clip: 1, label: "unknown"),
            ], noise: "", level: 0)
        let targets = sequences.targets(of: made)
        // Row r sees frames r to r + 2 and speaks of frame r + 1, whose centre is 512 r + 768.
        #expect(targets.segments == [.init(rows: 9..<19, label: 1)])
        #expect(targets.background.indices.filter { targets.background[$0] < 0 } == Array(9..<19))
        #expect(targets.background.max() == 0)

        var (keywords, sets) = (0, Set<[Float]>())
        for index in 0..<40 {
            let (features, targets) = sequences.features(index)
            #expect(features.count == 78 * 12 && targets.background.count == 76)
            keywords += targets.segments.count
            // 6000 samples are 11 or 12 frames; the gate's frames and the hops of ours add two more.
            #expect(targets.segments.allSatisfy { (9...14).contains($0.rows.count) })
            sets.insert(features)
        }
        // Eighty clips, each a keyword with chance 1/2: 40 and five standard deviations of 4.5.
        #expect((18...62).contains(keywords))
        #expect(sets.count == 40)
        #expect(sequences.features(7) == sequences.features(7))
    }

    /// A block with a sum around it, which pads above, then a mean over a window.
    static let causal = text.replacingOccurrences(
        of: """
            {"kind": "context", "frames": 3},
               {"kind": "lstm", "units": 8, "projection": 4, "peepholes": true, "sequence": false},
            """,
        with: """
            {"kind": "convolution", "name": "first", "outputs": 6, "kernel": [3, 12], "activation": "relu"},
            {"kind": "depthwise", "kernel": [4, 1], "padding": "causal", "batchNorm": true},
            {"kind": "add", "with": "first", "activation": "relu"},
            {"kind": "convolution", "outputs": 6, "kernel": [3, 1], "stride": [2, 1], "padding": "causal"},
            {"kind": "globalAveragePool"},
            """
    ).replacingOccurrences(of: "\"name\": \"toy\"", with: "\"name\": \"toy\", \"stateful\": true")
        .replacingOccurrences(of: "{\"stride\": 1,", with: "{\"stride\": 2,")

    @Test func decisionsThatDoNotFitAreRefusedBeforeTraining() throws {
        let error = #expect(throws: GraphError.self) {
            try trained(
                Self.causal.replacingOccurrences(of: "{\"stride\": 2,", with: "{\"stride\": 1,"))
        }
        #expect(error?.fact.contains("goes on from rows of the decision before") == true)
    }

    @Test func causalPaddingStandsBeforeASequence() throws {
        let recipe = try RecipeTests.load(Self.causal)
        let windows = recipe.model.graph.nodes.compactMap(\.operation.window)
        // Of 8 rows, 8 and 4 are made; the last window ends with the last row.
        #expect(windows.map(\.top) == [0, 3, 1, 0] && windows.allSatisfy { $0.bottom == 0 })
        let sum = recipe.model.graph.nodes.first { $0.inputs.count == 2 }
        #expect(
            sum?.inputs.contains { recipe.model.graph.shape(of: $0).extents == [8, 1, 6] } == true)
        #expect(throws: GraphError.self) {
            try UnrolledGraph(recipe.model.graph, frames: 78)
        }
        let unrolled = try UnrolledGraph(recipe.model.graph.stateful, frames: 78)
        #expect((unrolled.field, unrolled.stride, unrolled.rows) == (10, 2, 35))
        let trained = try trained(Self.causal)
        #expect(
            trained.graph.shape(of: trained.graph.output)
                == recipe.model.graph.shape(of: recipe.model.graph.output))
        #expect {
            try RecipeTests.load(
                Self.causal.replacingOccurrences(
                    of: "\"with\": \"first\"", with: "\"with\": \"last\""))
        } throws: {
            "\($0)".contains("'last'")
        }
    }

    @Test(arguments: ["frames", "max-pooling"])
    func keywordsAreLearned(loss: String) throws {
        let text = Self.text.replacingOccurrences(of: "\"frames\",", with: "\"\(loss)\",")
            .replacingOccurrences(of: "\"loss\": \"frames\"", with: "\"loss\": \"\(loss)\"")
            .replacingOccurrences(of: "\"epochs\": 4", with: "\"epochs\": 20")
            .replacingOccurrences(
                of: "\"training\"", with: "\"validation\": [{\"path\": \"words\"}], \"training\"")
        let run = try trained(text)
        var last: TrainingRun.Epoch?
        for _ in 0..<20 { last = try run.runEpoch { _ in } }
        #expect(try #require(last?.validation) > 0.9)
        #expect(try #require(last?.accuracy) > 0.9)

        // What was trained along time hears words in streams, and is a network for windows.
        let files = try run.recipe.write(run.graph, stem: "\(folder)/out")
        let model = try ModelFile.load(path: files[0])
        #expect(model.graph.shape(of: model.graph.output) == [2])
        var settings = StreamRecipe()
        settings.streamSamples = 5 * 16000
        settings.otherShare = 0.5
        settings.snr = 20...20
        let clips = try DataSet.load("\(folder)/words").clips
        let parts = ["high", "low"].map { label in clips.filter { $0.label == label } }
        let maker = try StreamMaker(
            settings, clips: parts[0].map { ($0.path, "high", try $0.read()) },
            others: parts[1].map { ($0.path, "low", try $0.read()) },
            noises: [("hum", try DataSet.load("\(folder)/hum").clips[0].read())])
        let result = try FloatStreams(
            model.graph, model.description, keywords: [], threshold: 24000
        )
        .run(SimulatedStreams(maker, count: 12))
        let others = result.pieces.flatMap(\.words).count { $0.label == "low" }
        #expect(others > 4)
        #expect(result.tally.score.words > 4)
        #expect(
            Double(result.tally.score.detected) >= 0.8 * Double(result.tally.score.words),
            "\(result.tally.score)")
        // One in five of the other words may be taken for one.
        #expect(5 * result.tally.score.falseDetections <= others)
    }

    /// Weights of a trained network are where the next training begins, the context as it was.
    @Test func trainingGoesOnFromAModel() throws {
        let first = try trained()
        _ = try first.runEpoch { _ in }
        let files = try first.recipe.write(first.graph, stem: "\(folder)/first")
        let start = try #require(Self.text.range(of: "\"network\""))
        let end = try #require(Self.text.range(of: "\"stream\""))
        let rest = String(Self.text[end.lowerBound...])
            .replacingOccurrences(of: "0.01", with: "1e-8")
        let second = try trained(
            "\(Self.text[..<start.lowerBound])\"model\": \"\(files[0])\", \(rest)")
        _ = try second.runEpoch { _ in }
        func numbers(_ run: TrainingRun) -> [Float] {
            run.graph.nodes.flatMap { $0.operation.parameters.flatMap(\.numbers) }
        }
        #expect(second.graph.nodes.contains { $0.operation.contextRows == 3 })
        let (before, after) = (numbers(first), numbers(second))
        #expect(before.count == after.count)
        // Three steps of Adam of at most 1e-8 times the deviation of a feature, below 10, and roundings
        // of sums of 12 products with means below 20.
        for (x, y) in zip(before, after) { #expect(abs(x - y) < 12 * 20 * 4 * 0x1p-20) }
    }

    /// Tones a little lower are heard as keywords by a network that knows no others; told of them, fewer.
    @Test func falseAlarmsAreMined() throws {
        let text = Self.text.replacingOccurrences(of: "\"epochs\": 4", with: "\"epochs\": 10")
            .replacingOccurrences(of: "\"words\"}]", with: "\"high\"}]")
            .replacingOccurrences(of: "\"sequences\"", with: "\"otherShare\": 0, \"sequences\"")
        for path in ["high", "rest/low"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
            atPath: "\(folder)/words/high", toPath: "\(folder)/high/high")
        for number in 0..<4 {
            let pitch = 0.7 + 0.03 * Double(number)
            try write(
                (0..<10000).map { i in Int16(6000 * sin(pitch * Double(i))) },
                to: "\(folder)/rest/low/\(number).wav")
        }
        let run = try trained(text)
        for _ in 0..<10 { _ = try run.runEpoch { _ in } }
        let rest = try DataSet.load("\(folder)/rest")
        let mined = try run.falseAlarms(in: rest)
        #expect(mined.count > 0 && mined.classes.allSatisfy { $0 == 0 })
        #expect(mined.pcm.allSatisfy { $0.count == 10 * 512 })
        #expect(mined.names.allSatisfy { $0.hasPrefix("\(folder)/rest/low/") })

        var recipe = run.recipe.goingOn(from: run.graph)
        recipe.rate = run.recipe.rate
        recipe.stream?.otherShare = 0.5
        let again = try TrainingRun(recipe, data: folder, mined: mined, threads: 2)
        for _ in 0..<10 { _ = try again.runEpoch { _ in } }
        #expect(try again.falseAlarms(in: rest).count < mined.count)

        let error = #expect(throws: EvaluationError.self) {
            try run.falseAlarms(in: DataSet.load("\(folder)/words"))
        }
        #expect(error?.description.contains("among negatives") == true)
    }

    @Test func aCheckpointGoesOnToTheSameBits() throws {
        let straight = try trained()
        for _ in 0..<2 { _ = try straight.runEpoch { _ in } }
        let first = try trained()
        _ = try first.runEpoch { _ in }
        try first.save(to: "\(folder)/state")
        let second = try trained()
        try second.restore(from: "\(folder)/state")
        _ = try second.runEpoch { _ in }
        let numbers = [straight, second].map { run in
            run.graph.nodes.flatMap { $0.operation.parameters.flatMap(\.numbers) }.map(\.bitPattern)
        }
        #expect(numbers[0] == numbers[1])
    }

    @Test(arguments: [
        ("\"words\": 2", "\"word\": 2", "unknown key \"word\""),
        ("[10, 20]", "[20, 10]", "from the lower to the higher"),
        ("\"loss\": \"frames\"", "\"loss\": \"windows\"", "\"frames\", \"max-pooling\""),
        ("\"noise\": {\"path\": \"hum\"}, ", "", "no \"noise\""),
        ("\"seed\"", "\"augmentation\": {}, \"seed\"", "beside \"stream\""),
        ("\"frames\": 3", "\"frames\": 30", "an integer from 2 to 10"),
    ])
    func whatIsWrongIsNamed(old: String, new: String, fact: String) throws {
        let base = Self.text.replacingOccurrences(
            of: "\"sequences\": 24,", with: "\"sequences\": 24, \"words\": 2,")
        let text = base.replacingOccurrences(of: old, with: new)
        #expect(text != base)
        let error = #expect(throws: ModelFileError.self) { try RecipeTests.load(text) }
        #expect(error?.description.contains(fact) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("\"high\"]", "\"loud\"]", "no clip of the keyword 'loud'"),
        ("[\"unknown\", \"high\"]", "[\"low\", \"high\"]", "one of the labels is unknown"),
        ("\"seconds\": 2.5", "\"seconds\": 1.5", "do not fit into"),
        (
            "\"naturalOfMaximum\": 1e-6}",
            "\"naturalOfMaximum\": 1e-6}, \"normalisation\": \"window-peak\"",
            "a stream has no window"
        ),
        (
            "{\"kind\": \"context\", \"frames\": 3}",
            "{\"kind\": \"convolution\", \"outputs\": 2, \"kernel\": [3, 3], \"padding\": \"same\"}",
            "pads time"
        ),
        ("\"sequence\": false", "\"sequence\": false, \"direction\": \"both\"", "goes backward"),
    ])
    func whatDoesNotFitIsNamed(old: String, new: String, fact: String) throws {
        let text = Self.text.replacingOccurrences(of: old, with: new)
        #expect(text != Self.text)
        do {
            _ = try trained(text)
            Issue.record("no error")
        } catch {
            #expect("\(error)".contains(fact), "\(error)")
        }
    }

    @Test func aClipInWhichNothingIsHeardIsNamed() throws {
        try write(Array(repeating: 0, count: 8000), to: "\(folder)/words/high/9.wav")
        let error = #expect(throws: EvaluationError.self) { try self.trained() }
        #expect(error?.place.hasSuffix("high/9.wav") == true)
        #expect(error?.description.contains("silent") == true)
    }
}
