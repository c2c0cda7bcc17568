// SPDX-License-Identifier: Apache-2.0
//
// Goal: the published recurrent networks hear as many words as the NumPy reference shipped with
// them. Method: float front end and float graph on every clip of gsc_v2_dev; the counts are those of
// reference.py's front ends and networks on the same clips.

import Foundation
import KWSEvaluate
import KWSFrontEnd
import KWSGraph
import KWSModelFile
import Testing

private let data = ProcessInfo.processInfo.environment["KWS_DATA"].flatMap { $0.isEmpty ? nil : $0 }

@Suite(.enabled(if: data != nil, "needs KWS_DATA, a folder of speech sets"))
struct RecurrentAccuracyTests {
    @Test(arguments: [
        ("Basic_LSTM_S", 1827), ("LSTM_S", 1853), ("GRU_S", 1885), ("CRNN_S", 1857),
    ])
    func published(name: String, count: Int) throws {
        let folder = try #require(data)
        let model = try ModelFile.load(
            path: "\(folder)/models/arm_ml_kws_for_mcu/\(name).safetensors")
        let frontEnd = FloatFrontEnd(try #require(model.description.frontEnd))
        let evaluator = FloatEvaluator(model.graph)
        let map = ClassMap(classes: model.description.labels)
        let clips = try DataSet.load("\(folder)/speech/gsc_v2_dev").clips
        let right = try Parallel.map(clips.count) { index throws(EvaluationError) in
            var evaluator = evaluator
            let scores = evaluator(frontEnd.features(of: try clips[index].read()))
            return scores.indices.max { scores[$0] < scores[$1] } == map.index(of: clips[index])
        }
        #expect(clips.count == 2148)
        // The reference works in double: a clip or two are so close that float decides otherwise.
        #expect(abs(right.count { $0 } - count) <= 2, "\(right.count { $0 })")
    }
}
