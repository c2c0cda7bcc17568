// SPDX-License-Identifier: Apache-2.0
//
// Goal: `kwsc train --mine` trains with what a network takes for its keyword, and refuses what it cannot
// go on from. Method: the tool itself, on sounds made here.

import Foundation
import KWSTestModels
import Testing

@Suite(.enabled(if: Tool.path != nil, "kwsc is not built beside the tests"))
struct TrainCommandTests {
    private func write(_ more: String, to folder: String) throws -> String {
        let text = """
            {"description": {"name": "toy", "labels": ["unknown", "loud"],
              "frontEnd": "mlperf-logmel", "detection": {"stride": 1, "smoothing": 1}},
             "network": {"input": [30, 40, 1], "layers": [
               {"kind": "flatten"}, {"kind": "dense", "outputs": 2}]},
             "training": [{"path": "set"}], "optimiser": {"kind": "adam"},
             \(more)"epochs": 20, "batch": 4}
            """
        let path = "\(folder)/recipe.json"
        try KWSEvaluateTests.write(Array(text.utf8), to: path)
        return path
    }

    @Test func falseAlarmsAreTrainedOn() throws {
        try withFolder { folder in
            let hiss = TestSound.noise(40_000, amplitude: 18_000, seed: 4)
            let loud = TestSound.noise(16_000, amplitude: 20_000, seed: 1)
            for (path, samples) in [
                ("set/loud/a_nohash_0.wav", loud), ("rest/hiss/1.wav", hiss),
                ("set/quiet/a_nohash_0.wav", [Int16](repeating: 0, count: 16_000)),
            ] {
                try KWSEvaluateTests.write(
                    WAVBytes(samples: samples).bytes, to: "\(folder)/\(path)")
            }
            let arguments = [
                "train", try write("", to: folder), "-o", "\(folder)/out", "--mine",
            ]
            let result = try Tool.run(arguments + ["\(folder)/rest"])
            #expect(result.code == 0, "\(result.error)")
            // Two seconds and a half are two windows, and the rest of one.
            #expect(result.output.contains("mined 2 false alarms"), "\(result.output)")
            let keyword = try Tool.run(arguments + ["\(folder)/set"])
            #expect(keyword.code == 65 && keyword.error.contains("among negatives"))
            let nothing = try Tool.run(arguments + ["\(folder)/rest:val"])
            #expect(nothing.code == 65 && nothing.error.contains("no clip of split 'val'"))
        }
    }

    @Test func prunedNetworksAreMinedBeforehand() throws {
        try withFolder { folder in
            let path = try write("\"pruning\": {\"sparsity\": 0.5}, ", to: folder)
            let result = try Tool.run(["train", path, "-o", "\(folder)/out", "--mine", "x"])
            #expect(result.code == 64 && result.error.contains("--mine is for float networks"))
        }
    }
}
