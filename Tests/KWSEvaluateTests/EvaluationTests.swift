// SPDX-License-Identifier: Apache-2.0
//
// Goal: evaluation counts every clip once, on every path, and stream simulation plays what `listen`
// plays. Method: a model that hears loudness, on WAVs whose right answer is known.

import Foundation
import KWSEvaluate
import KWSGraph
import KWSTestModels
import Testing

@Suite struct EvaluationTests {
    func evaluated(_ model: TestModel) -> EvaluatedModel {
        EvaluatedModel(
            name: model.name, block: model.block, openBlock: model.block, graph: model.graph,
            frontEnd: model.frontEnd, input: model.input)
    }

    /// Six loud and four quiet clips by two speakers; one loud clip is labelled quiet.
    func dataSet(in folder: String) throws -> DataSet {
        var index = "path,label,speaker\n"
        for i in 0..<10 {
            let isLoud = i < 6
            let clip = TestSound.noise(
                i == 0 ? 3000 : 16_000, amplitude: isLoud ? 20_000 : 1, seed: UInt64(i))
            try write(WAVBytes(samples: clip).bytes, to: "\(folder)/\(i).wav")
            index += "\(i).wav,\(isLoud && i != 5 ? "loud" : "quiet"),s\(i % 2)\n"
        }
        try write(Array(index.utf8), to: "\(folder)/index.csv")
        return try DataSet.load(folder)
    }

    @Test func everyPathClassifiesEveryClip() throws {
        try withFolder { folder in
            let report = try Evaluation(evaluated(.loudness())).run(dataSet(in: folder))
            #expect(report.clips == 10 && report.differingScores == 0)
            let expected = Proportion(successes: 9, trials: 10)
            for matrix in [report.float, report.features, report.integer, report.library] {
                #expect(matrix.accuracy() == expected)
                #expect(matrix.counts == [[5, 0], [1, 4]])
            }
            #expect(report.againstFloat.agreement == 1)
            #expect(report.speakers.count == 2)
            #expect(abs(report.meanSpeakerAccuracy - 0.9) < 1e-12)
            for key in ["\"clips\": 10", "\"float\": {\"accuracy\": 0.9", "\"library\": {"] {
                #expect(report.json.text.contains(key))
            }
            #expect(report.text.contains("C library"))
        }
    }

    /// The model as it is, and one that takes everything for loud.
    @Test func stepsAreMeasuredBesides() throws {
        try withFolder { folder in
            let model = try TestModel.loudness()
            var deafened = model.graph
            for index in deafened.nodes.indices {
                if case .dense(let weights, _) = deafened.nodes[index].operation {
                    deafened.nodes[index].operation = .dense(weights: weights, bias: [100, 0])
                }
            }
            let report = try Evaluation(
                evaluated(model), steps: [("same", model.graph), ("loud", deafened)]
            ).run(dataSet(in: folder))
            #expect(report.steps.map(\.name) == ["same", "loud"])
            #expect(report.steps[0].matrix == report.features)
            #expect(report.steps[0].againstFloat == report.featuresAgainstFloat)
            #expect(report.steps[1].matrix.counts == [[5, 0], [5, 0]])
            #expect(report.steps[1].againstFloat.loss == 0.4)
        }
    }

    @Test func labelsWithoutClassAreSkippedAndCounted() throws {
        try withFolder { folder in
            var data = try dataSet(in: folder)
            data.clips[3].label = "marvin"
            let evaluation = try Evaluation(evaluated(.loudness()))
            let report = try evaluation.run(data)
            #expect(report.clips == 9 && report.skipped == ["marvin": 1])
            for index in data.clips.indices { data.clips[index].label = "marvin" }
            #expect(throws: EvaluationError.self) { try evaluation.run(data) }
        }
    }

    @Test func aBadClipIsNamed() throws {
        try withFolder { folder in
            let data = try dataSet(in: folder)
            var wav = WAVBytes(samples: [1, 2, 3])
            wav.rate = 8000
            try write(wav.bytes, to: data.clips[4].path)
            let error = #expect(throws: EvaluationError.self) {
                try Evaluation(evaluated(.loudness())).run(data)
            }
            #expect(error?.place == data.clips[4].path)
        }
    }

    @Test func listeningHearsBurstsWhereTheyAre() throws {
        let block = try LoadedBlock(TestModel.loudness().block, name: "loudness")
        let sound = TestSound.bursts(80_000, at: [16_000..<24_000, 48_000..<56_000])
        let heard = try block.heard(in: sound)
        #expect(heard.map(\.keyword) == ["loud", "loud"])
        #expect((16_000..<24_000).contains(heard[0].endSample))
        #expect((48_000..<56_000).contains(heard[1].endSample))
        for chunk in [1, 333, 5000] {
            #expect(try block.heard(in: sound, chunk: chunk) == heard)
        }
        #expect(try block.heard(in: sound, threshold: 65535) == [])
    }

    @Test func streamsArePlayedAndScored() throws {
        let block = try LoadedBlock(TestModel.loudness().block, name: "loudness")
        var recipe = StreamRecipe()
        recipe.snr = 60...60
        recipe.levels = -12 ... -9
        // Words, so that the whole window may be loud within half a second of the end.
        let word = TestSound.bursts(12_000, at: [2000..<9000])
        let maker = try StreamMaker(
            recipe, clips: [("word", "loud", word)],
            noises: [("hiss", TestSound.noise(30_000, amplitude: 500, seed: 9))])
        let open = try LoadedBlock(TestModel.loudness(lockoutHops: 0).block, name: "loudness")
        let evaluation = try StreamEvaluation(
            block: block, openBlock: open, keywords: ["loud"])
        let source = SimulatedStreams(maker, count: 5)
        let result = try evaluation.run(source)
        let score = result.tally.score
        #expect(score.words == 15 && score.detected == 15)
        #expect(score.falseDetections == 0)
        #expect(evaluation.thresholds == [40000])
        // The curve has the threshold 40,000 between two of its own.
        let above = result.tally.curves[0].points.first { $0.threshold >= 40_000 }
        #expect(above?.misses == Proportion(successes: 0, trials: 15) && above?.falseAlarms == 0)
        // Played again in two parts.
        let parts = try ["1/2", "2/2"].map {
            try evaluation.run(source, part: #require(StreamPart($0)))
        }
        #expect(parts.map(\.pieces.count) == [3, 2])
        #expect(parts[0].tally + parts[1].tally == result.tally)
        #expect(parts[1].pieces == [result.pieces[1], result.pieces[3]])
        #expect(throws: EvaluationError.self) {
            try StreamEvaluation(block: block, openBlock: open, keywords: ["quiet"])
        }
    }

    @Test func numbersPrintInOneForm() {
        #expect(JSON.decimal(0.1 + 0.2) == "0.3")
        #expect(JSON.decimal(-0.0000004) == "0")
        #expect(JSON.decimal(-1.5) == "-1.5")
        #expect(JSON.decimal(12, digits: 2) == "12")
        #expect(JSON.decimal(.nan) == "null")
        #expect(
            JSON.object([("a\"\n", .array([.integer(1), .null, .bool(true)]))]).text
                == "{\"a\\\"\\n\": [1, null, true]}")
    }
}
