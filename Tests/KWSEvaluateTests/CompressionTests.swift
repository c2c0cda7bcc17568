// SPDX-License-Identifier: Apache-2.0
//
// Goal: `kwsc compile` prunes and narrows as asked, with training and without, says which, keeps to
// budgets or names the smallest size, and leaves nothing behind where it fails. Method: the tool
// itself, on a model and sounds made here.

import Foundation
import KWSTestModels
import Testing

@Suite(.enabled(if: Tool.path != nil, "kwsc is not built beside the tests"))
struct CompressionTests {
    /// A model of 2 * 1200 weights, of which 1200 are zero, and clips that it tells apart.
    private func withModel(
        _ body: (_ folder: String, _ model: String, _ data: String) throws -> Void
    )
        throws
    {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            for index in 0..<4 {
                let loud = TestSound.noise(16_000, amplitude: 20_000, seed: UInt64(index))
                let quiet = [Int16](repeating: 0, count: 16_000)
                for (word, samples) in [("loud", loud), ("quiet", quiet)] {
                    try write(
                        WAVBytes(samples: samples).bytes,
                        to: "\(folder)/set/\(word)/p\(index)_nohash_0.wav")
                }
            }
            try body(folder, model, "\(folder)/set")
        }
    }

    private func compile(_ folder: String, _ model: String, _ more: [String]) throws -> Tool.Result
    {
        try Tool.run(["compile", model, "-o", "\(folder)/out", "--json"] + more)
    }

    private func report(_ result: Tool.Result) throws -> [String: Any] {
        #expect(result.code == 0, "\(result.error)")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(object as? [String: Any])
    }

    /// Calibrated on sequences that are longer than its window.
    @Test func statefulNetworksAreSearchedAndPruned() throws {
        try withModel { folder, _, data in
            let model = try ToolModel.writeStateful(to: folder)
            let searched = try report(
                compile(
                    folder, model, ["--weights", "auto", "--budget", "1KB", "--calibrate", data]))
            let bits = try #require(searched["bits_per_weight"] as? NSNumber).doubleValue
            #expect((2...8).contains(bits))
            let pruned = try Tool.run([
                "compile", model, "-o", "\(folder)/pruned", "--prune", "0.5", "--calibrate", data,
            ])
            #expect(pruned.code == 0, "\(pruned.error)")
            #expect(pruned.output.contains("goes on from the last decision's states"))
        }
    }

    @Test func budgetsAreKeptOrRefused() throws {
        try withModel { folder, model, data in
            // 2 * 1200 weights: 900 bytes at 3 bits, 600 at 2, and 12 for two channels.
            let searched = try report(
                compile(folder, model, ["--weights", "auto", "--budget", "1KB"]))
            #expect(searched["bits_per_weight"] as? Int == 3)
            let learned = try report(
                compile(
                    folder, model,
                    [
                        "--weights", "learned", "--budget", "0.7KB", "--train", data,
                        "--train-epochs", "2",
                    ]))
            #expect(learned["bits_per_weight"] as? Int == 2)
            let small = try Tool.run([
                "compile", model, "-o", "\(folder)/small", "--weights", "auto", "--budget", "100",
            ])
            #expect(small.code == 65 && small.error.contains("the smallest size reached is 6"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/small"))
        }
    }

    @Test(arguments: [
        (["--weights", "learned", "--budget", "1KB"], "needs --train DATA"),
        (["--budget", "1KB"], "--weights auto or learned"),
        (["--prune", "1.5"], "allowed is a number from 0.0 to 0.99"),
        (["--prune-block", "4"], "goes with --prune"),
        (["--train-epochs", "3"], "needs --train DATA"),
    ])
    func optionsThatMissOthersAreNamed(options: [String], message: String) throws {
        try withModel { folder, model, _ in
            let result = try compile(folder, model, options)
            #expect(result.code == 64 && result.error.contains(message), "\(result.error)")
        }
    }

    @Test func pruningSaysHow() throws {
        try withModel { folder, model, data in
            let once = try Tool.run(["compile", model, "-o", "\(folder)/once", "--prune", "0.75"])
            #expect(once.code == 0 && once.output.contains("In one shot by |w| alone"))
            let known = try Tool.run([
                "compile", model, "-o", "\(folder)/known", "--prune", "0.75", "--calibrate", data,
            ])
            #expect(known.code == 0 && known.output.contains("In one shot"))
            #expect(!known.output.contains("by |w| alone"))
            let all = ["--prune", "0.75", "--weights", "4", "--train", data, "--train-epochs", "3"]
            let trained = try report(compile(folder, model, all))
            #expect(trained["bits_per_weight"] as? Int == 4)
            // 1 % of a layer is kept, and 600 of 2400 weights asked for.
            let sparsity = try #require(trained["sparsity"] as? Double)
            #expect(abs(sparsity - 0.75) < 0.01)
            let again = try report(compile(folder, model, all))
            #expect(again["table_bytes"] as? Int == trained["table_bytes"] as? Int)
        }
    }

    @Test func damagedTrainingDataAreNamed() throws {
        try withModel { folder, model, data in
            let clip = "\(data)/loud/p1_nohash_0.wav"
            try write(Array("RIFF".utf8), to: clip)
            let result = try Tool.run([
                "compile", model, "-o", "\(folder)/out", "--prune", "0.5", "--train", data,
            ])
            #expect(result.code == 65 && result.error.contains("p1_nohash_0.wav"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"))
            let none = try Tool.run([
                "compile", model, "-o", "\(folder)/out", "--weights", "4", "--train",
                "\(folder)/none",
            ])
            #expect(none.code == 66 && none.error.contains("no such folder"))
        }
    }
}
