// SPDX-License-Identifier: Apache-2.0
//
// Goal: `kwsc listen`, `evaluate`, `parity` and `make` print what is documented and end with the documented
// codes. Method: the tool itself, on a model and sounds made here.

import Foundation
import KWSTestModels
import Testing

@Suite(.enabled(if: Tool.path != nil, "kwsc is not built beside the tests"))
struct CommandTests {
    /// Loud from 2 s to 4 s of 6.
    let sound = TestSound.bursts(96_000, at: [32_000..<64_000])

    @Test func listenHearsTheSameInFilesAndPipes() throws {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            try write(WAVBytes(samples: sound).bytes, to: "\(folder)/a.wav")
            let file = try Tool.run(["listen", "\(folder)/a.wav", "--model", model, "--json"])
            #expect(file.code == 0, "\(file.error)")
            let first = try #require(file.lines.first)
            #expect(try Tool.member("keyword", of: first) as? String == "loud")
            let time = try #require(Tool.member("time", of: first) as? Double)
            #expect((2.0...4.0).contains(time))
            let pipe = try Tool.run(
                ["listen", "-", "--model", model, "--json"], input: WAVBytes(samples: sound).data)
            #expect(pipe.code == 0 && pipe.output == file.output)
            let prose = try Tool.run(["listen", "\(folder)/a.wav", "--model", model])
            #expect(prose.lines.count == file.lines.count && prose.output.contains("loud"))
            let deaf = try Tool.run(
                ["listen", "\(folder)/a.wav", "--model", model, "--threshold", "1"])
            #expect(deaf.code == 0 && deaf.output == "")
        }
    }

    @Test(.timeLimit(.minutes(1))) func listenIsLive() throws {
        try withFolder { folder in
            let process = try Tool.make(
                ["listen", "-", "--model", try ToolModel.write(to: folder), "--json"])
            let (stdin, stdout) = (Pipe(), Pipe())
            process.standardInput = stdin
            process.standardOutput = stdout
            process.standardError = FileHandle.nullDevice
            try process.run()
            try stdin.fileHandleForWriting.write(
                contentsOf: Data(WAVBytes(samples: sound).data))
            // A tool that stays silent is ended, or the read below would wait for ever.
            nonisolated(unsafe) let watched = process
            DispatchQueue.global().asyncAfter(deadline: .now() + 30) {
                if watched.isRunning { watched.terminate() }
            }
            // The pipe is still open: the line must come nevertheless.
            let line = String(decoding: stdout.fileHandleForReading.availableData, as: UTF8.self)
            #expect(line.contains("loud"))
            try stdin.fileHandleForWriting.close()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
    }

    @Test func badSoundHasItsCode() throws {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            var wav = WAVBytes(samples: sound)
            wav.rate = 44_100
            try write(wav.bytes, to: "\(folder)/rate.wav")
            let rate = try Tool.run(["listen", "\(folder)/rate.wav", "--model", model])
            #expect(rate.code == 65)
            #expect(rate.error.contains("rate.wav: sample rate: found 44100 Hz, allowed 16000 Hz"))
            #expect(try Tool.run(["listen", "\(folder)/none.wav", "--model", model]).code == 66)
            #expect(
                try Tool.run(["listen", "-", "--model", model], input: wav.bytes).code == 65)
        }
    }

    @Test(arguments: [
        ["listen"], ["listen", "a", "b"], ["listen", "a.wav"], ["evaluate", "m", "--nonsense"],
        ["evaluate", "m", "--data", "d", "--snr", "10"],
        ["evaluate", "m", "--data", "d", "--stream", "3"],
        ["evaluate", "m", "--data", "d", "--stream", "0"], ["parity", "m", "--board", "toaster"],
        ["compile", "m", "-o", "d", "--weights", "5"], ["inspect", "m", "--activations", "3"],
        ["compile", "m", "-o", "d", "--target", "cortex-a72"],
    ])
    func badCommandLinesHaveTheirs(arguments: [String]) throws {
        let result = try Tool.run(arguments)
        #expect(result.code == 64 && result.output == "" && !result.error.isEmpty)
    }

    @Test func evaluateCountsAndRequires() throws {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            let data = try ToolModel.dataSet(in: folder)
            let result = try Tool.run(["evaluate", model, "--data", data, "--json"])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.lines.count == 1)
            #expect(try Tool.member("clips", of: result.output) as? Int == 4)
            for path in ["float", "integer", "library"] {
                let part = try Tool.member(path, of: result.output) as? [String: Any]
                #expect(part?["accuracy"] as? Double == 0.75)
            }
            let strict = ["evaluate", model, "--data", data, "--require"]
            #expect(try Tool.run(strict + ["0.75"]).code == 0)
            #expect(try Tool.run(strict + ["0.76"]).code == 1)
        }
    }

    @Test func emptyAndMissingDataHaveTheirCodes() throws {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            try FileManager.default.createDirectory(
                atPath: "\(folder)/empty", withIntermediateDirectories: true)
            let empty = try Tool.run(["evaluate", model, "--data", "\(folder)/empty"])
            #expect(empty.code == 65 && empty.error.contains("holds no clips"))
            #expect(try Tool.run(["evaluate", model, "--data", "\(folder)/none"]).code == 66)
            let data = try ToolModel.dataSet(in: folder)
            #expect(try Tool.run(["evaluate", "\(folder)/none.onnx", "--data", data]).code == 66)
        }
    }

    @Test func compileKnowsTargetsAndWidths() throws {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            func compile(_ more: [String]) throws -> String {
                let result = try Tool.run(
                    ["compile", model, "-o", "\(folder)/out", "--json"] + more)
                #expect(result.code == 0, "\(result.error)")
                return result.output
            }
            let plain = try compile([])
            let narrow = try compile(["--weights", "3", "--activations", "4"])
            #expect(try Tool.member("bits_per_weight", of: plain) as? Int == 8)
            #expect(try Tool.member("bits_per_weight", of: narrow) as? Int == 3)
            // 2 * 1200 weights: 2400 bytes against 900.
            let bytes = try [plain, narrow].map {
                try Tool.member("table_bytes", of: $0) as? Int ?? 0
            }
            #expect(bytes[0] - bytes[1] == 1500)
            for target in ["host", "cortex-m0", "cortex-m33", "cortex-m55"] {
                _ = try compile(["--target", target])
            }
        }
    }

    @Test func compileReports() throws {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            let data = try ToolModel.dataSet(in: folder)
            func page(_ name: String, _ more: [String]) throws -> String {
                let result = try Tool.run(
                    ["compile", model, "-o", "\(folder)/\(name)", "--target", "cortex-m4"] + more)
                #expect(result.code == 0, "\(result.error)")
                return try String(contentsOfFile: "\(folder)/\(name)/report.html", encoding: .utf8)
            }
            let measured = try page("a", ["--evaluate", data])
            #expect(try page("b", ["--evaluate", data]) == measured)
            #expect(measured.contains(">75.00</td>"))
            #expect(try page("c", []).contains("Not measured"))
            let json = try String(contentsOfFile: "\(folder)/a/report.json", encoding: .utf8)
            let accuracy = try Tool.member("accuracy", of: json) as? [String: Any]
            let stages = accuracy?["stages"] as? [[String: Any]]
            #expect(stages?.map { $0["accuracy"] as? Double } == [0.75, 0.75, 0.75])
            #expect(
                (try Tool.member("files", of: json) as? [String])?.contains("report.html") == true)
            let lost = ["compile", model, "-o", "\(folder)/d", "--evaluate-split"]
            #expect(try Tool.run(lost + ["val"]).code == 64)
            #expect(try Tool.run(lost + ["val", "--evaluate", data]).code == 65)
        }
    }

    @Test func inspectDrawsTheMemory() throws {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            let drawing = "\(folder)/memory.svg"
            let result = try Tool.run(["inspect", model, "--memory", "--svg", drawing])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output.hasPrefix("# memory\narena "))
            let text = try String(contentsOfFile: drawing, encoding: .utf8)
            #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
            #expect(text.contains("softmax") && text.contains("progress"))
            let nowhere = try Tool.run(["inspect", model, "--svg", "\(folder)/none/memory.svg"])
            #expect(nowhere.code != 0 && nowhere.error.contains("cannot be written"))
        }
    }

    @Test func parityComparesOnTheHost() throws {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            let data = try ToolModel.dataSet(in: folder)
            let result = try Tool.run(
                ["parity", model, "--data", data, "--board", "none", "--json"])
            #expect(result.code == 0, "\(result.error)")
            #expect(try Tool.member("mismatches", of: result.output) as? Int == 0)
            #expect(try Tool.member("clips", of: result.output) as? Int == 4)
            #expect(try Tool.member("targets", of: result.output) as? [String] == ["host-c"])
            let missing = try Tool.run(
                ["parity", model, "--data", data, "--firmware", "\(folder)/none"])
            #expect(missing.code == 66 && missing.error.contains("Toolchains/run firmware"))
        }
    }

    /// Tones for one word, noise for another, twelve people each.
    private func writeWords(to folder: String) throws {
        for (word, pitch) in [("high", 0.6), ("low", 0.15)] {
            for person in 0..<12 {
                let tone = (0..<16_000).map { i in
                    (4000..<11_000).contains(i)
                        ? Int16(8000 * sin(pitch * (1 + 0.01 * Double(person)) * Double(i))) : 0
                }
                try write(
                    WAVBytes(samples: tone).bytes, to: "\(folder)/\(word)/p\(person)_nohash_0.wav")
            }
        }
    }

    @Test func makeGoesFromRecordingsToFirmware() throws {
        try withFolder { folder in
            try writeWords(to: "\(folder)/tones")
            let make = ["make", "\(folder)/tones", "-o", "\(folder)/out", "--epochs", "2"]
            let made = try Tool.run(make + ["--target", "cortex-m4"])
            #expect(made.code == 0, "\(made.error)")
            #expect(made.lines.contains("high: 12 recordings"))
            #expect(made.output.contains("  high: ") && made.output.contains("other speech: "))
            for file in [
                "tones.onnx", "tones.kws.json", "recipe.json", "training/index.csv",
                "firmware/kws_tones.c", "firmware/report.json",
            ] {
                #expect(FileManager.default.fileExists(atPath: "\(folder)/out/\(file)"), "\(file)")
            }
            // What was made is a model as any other.
            let evaluated = try Tool.run(
                ["evaluate", "\(folder)/out/tones.onnx", "--data", "\(folder)/tones"])
            #expect(evaluated.code == 0, "\(evaluated.error)")
            let again = try Tool.run(make)
            #expect(again.code == 64 && again.error.contains("--resume to go on"))
            let resumed = try Tool.run(make + ["--resume"])
            #expect(resumed.code == 0 && !resumed.error.contains("epoch 2"), "\(resumed.error)")
        }
    }

    @Test func makeNamesWhatIsMissing() throws {
        try withFolder { folder in
            try writeWords(to: "\(folder)/tones")
            let few = try Tool.run(
                ["make", "\(folder)/tones", "-o", "\(folder)/out", "--words", "high,yes"])
            #expect(few.code == 65 && few.error.contains("no word 'yes'; found high, low"))
            try write(Array("RIFF".utf8), to: "\(folder)/tones/high/p3_nohash_0.wav")
            let damaged = try Tool.run(["make", "\(folder)/tones", "-o", "\(folder)/out"])
            #expect(damaged.code == 65 && damaged.error.contains("p3_nohash_0.wav"))
        }
    }
}
