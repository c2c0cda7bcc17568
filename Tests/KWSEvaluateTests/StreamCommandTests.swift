// SPDX-License-Identifier: Apache-2.0
//
// Goal: `kwsc evaluate` plays streams and recordings, and parts of them add up to the whole. Method: the
// tool itself, on a model and sounds made here.

import Foundation
import KWSTestModels
import Testing

@Suite(.enabled(if: Tool.path != nil, "kwsc is not built beside the tests"))
struct StreamCommandTests {
    /// The command line that plays seven streams of the set in a folder.
    func arguments(in folder: String) throws -> [String] {
        try write(
            WAVBytes(samples: TestSound.noise(20_000, amplitude: 900, seed: 4)).bytes,
            to: "\(folder)/noise/hiss/1.wav")
        return [
            "evaluate", try ToolModel.write(to: folder), "--data",
            try ToolModel.dataSet(in: folder), "--stream", "7", "--noise", "\(folder)/noise",
            "--keyword", "loud", "--snr", "60", "--level=-10,-10", "--json",
        ]
    }

    /// Words far above the noise: at a threshold of 1/2 rounding costs none of them.
    @Test func theFloatNetworkIsPlayedBeside() throws {
        try withFolder { folder in
            let csv = "\(folder)/curve.csv"
            let arguments = try arguments(in: folder) + ["--float"]
            let result = try Tool.run(arguments + ["--curve", csv])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("seconds of audio a second and core"))
            let rows = try String(contentsOfFile: csv, encoding: .utf8)
                .split(separator: "\n").map { $0.split(separator: ",") }
            for keyword in ["loud", "loud (float)"] {
                let row = try #require(rows.first { $0[0] == keyword && $0[1] == "0.5" })
                #expect(row[2] == "21" && row[3] == "0")
            }
            let text = try Tool.run(arguments.filter { $0 != "--json" }).output
            #expect(text.contains("'loud': FRR less that of the float network, in points: "))
        }
    }

    @Test func streamsGiveCurves() throws {
        try withFolder { folder in
            let arguments = try arguments(in: folder)
            let result = try Tool.run(arguments)
            #expect(result.code == 0, "\(result.error)")
            #expect(try Tool.member("words", of: result.output) as? Int == 21)
            #expect(try Tool.member("frr", of: result.output) as? Double != nil)
            #expect(try Tool.member("fa_per_hour", of: result.output) as? Double != nil)
            #expect(try Tool.member("auc", of: result.output) as? Double != nil)
            #expect(try Tool.member("library", of: result.output) != nil)
            let (csv, svg) = ("\(folder)/curve.csv", "\(folder)/det.svg")
            _ = try Tool.run(arguments + ["--curve", csv, "--det", svg])
            let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
            #expect(
                rows.count > 1000 && rows[0] == "keyword,threshold,words,missed,false_alarms,hours")
            #expect(rows.dropFirst().allSatisfy { $0.split(separator: ",")[2] == "21" })
            let drawing = try String(contentsOfFile: svg, encoding: .utf8)
            #expect(drawing.hasPrefix("<svg ") && drawing.contains("loud: 21 words"))
            let nowhere = try Tool.run(arguments + ["--det", "\(folder)/none/det.svg"])
            #expect(nowhere.code != 0 && nowhere.error.contains("cannot be written"))
            #expect(try Tool.run(arguments).output == result.output)
            let deaf = try Tool.run(arguments + ["--threshold", "1", "--require-detected", "0.5"])
            #expect(deaf.code == 1)
            #expect(try Tool.member("detected", of: deaf.output) as? Int == 0)
        }
    }

    /// A network without states says the same of a window wherever it is run.
    @Test func theFloatNetworkAloneHearsWhatTheLibraryHears() throws {
        try withFolder { folder in
            let arguments = try arguments(in: folder)
            let library = try Tool.run(arguments)
            let float = try Tool.run(arguments + ["--float-only"])
            #expect(float.code == 0, "\(float.error)")
            for name in ["words", "detected", "false_detections"] {
                let found = try Tool.member(name, of: float.output) as? Int
                #expect(try found == Tool.member(name, of: library.output) as? Int, "\(name)")
            }
            #expect(try Tool.member("detected", of: float.output) as? Int != 0)
            #expect(try Tool.member("library", of: float.output) == nil)
        }
    }

    @Test func otherWordsAreMixedIn() throws {
        try withFolder { folder in
            let hum = TestSound.noise(8_000, amplitude: 3_000, seed: 7)
            try write(WAVBytes(samples: hum).bytes, to: "\(folder)/others/hum/a_nohash_0.wav")
            let arguments =
                try arguments(in: folder).map { $0 == "60" ? "40,60" : $0 }
                + ["--others", "\(folder)/others"]
            let result = try Tool.run(arguments.filter { $0 != "--json" } + ["--float-only"])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output.contains("0.5 of them others, 40.0 to 60.0 dB above noise"))
            #expect(result.output.contains("hum "))
            let few = try Tool.run(arguments + ["--float-only", "--other-share", "0.9"])
            #expect(try #require(Tool.member("words", of: few.output) as? Int) < 12)
            let none = try Tool.run(
                arguments.map { $0 == "\(folder)/noise" ? "\(folder)/noise:val" : $0 })
            #expect(none.code == 65 && none.error.contains("no clip of split 'val'"))
        }
    }

    @Test func partsAddUpToTheWhole() throws {
        try withFolder { folder in
            let arguments = try arguments(in: folder)
            func part(_ number: Int, more: [String] = []) throws -> String {
                let file = "\(folder)/\(number)-\(more.count).json"
                let result = try Tool.run(
                    arguments + ["--shard", "\(number)/3", "--save", file] + more)
                #expect(result.code == 0, "\(result.error)")
                return file
            }
            let whole = "\(folder)/whole.json"
            #expect(try Tool.run(arguments + ["--save", whole]).code == 0)
            let parts = try [3, 1, 2].map { try part($0) }
            let merged = "\(folder)/merged.json"
            let sum = try Tool.run(
                ["evaluate", "merge"] + parts + ["--json", "--save", merged, "--fa-per-hour", "60"])
            #expect(sum.code == 0, "\(sum.error)")
            #expect(try Tool.member("words", of: sum.output) as? Int == 21)
            #expect(sum.output.contains("\"wanted_fa_per_hour\": 60,"))
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: merged))
                    == Data(contentsOf: URL(fileURLWithPath: whole)))

            func refusal(_ files: [String]) throws -> String {
                let result = try Tool.run(["evaluate", "merge"] + files)
                #expect(result.code == 65 && result.output == "")
                return result.error
            }
            #expect(try refusal(Array(parts.prefix(2))).contains("of 3 there is no 2"))
            #expect(try refusal(parts + [parts[0]]).contains("part 3, as"))
            let other = try part(2, more: ["--seed", "5"])
            #expect(try refusal([parts[0], parts[1], other]).contains("seed 5"))
            try write(Array("{}".utf8), to: "\(folder)/empty.json")
            #expect(try refusal(["\(folder)/empty.json"]).contains("--save"))
            #expect(try Tool.run(["evaluate", "merge", "\(folder)/none.json"]).code == 66)
        }
    }

    @Test func recordingsArePlayedAsTheyAre() throws {
        try withFolder { folder in
            let model = try ToolModel.write(to: folder)
            // Loud from 2 s to 4 s of 6, which is said to be a word once and nothing once.
            let sound = TestSound.bursts(96_000, at: [32_000..<64_000])
            try write(WAVBytes(samples: sound).bytes, to: "\(folder)/a.wav")
            try write(WAVBytes(samples: sound).bytes, to: "\(folder)/b.wav")
            func run(_ rows: String) throws -> Tool.Result {
                try write(Array("path,label,start,end\n\(rows)".utf8), to: "\(folder)/index.csv")
                return try Tool.run(
                    ["evaluate", model, "--recordings", "\(folder)/index.csv", "--json"])
            }
            let right = try run("a.wav,loud,2,4\n")
            #expect(right.code == 0, "\(right.error)")
            #expect(try Tool.member("detected", of: right.output) as? Int == 1)
            let once = try #require(Tool.member("false_detections", of: right.output) as? Int)
            let both = try run("a.wav,loud,2,4\nb.wav,,,\n")
            #expect(try Tool.member("words", of: both.output) as? Int == 1)
            // What is heard in b is all false, the first detection of each as well.
            let twice = try #require(Tool.member("false_detections", of: both.output) as? Int)
            #expect(twice == 2 * once + 1)

            for (rows, fact) in [
                ("a.wav,loud,4,2\n", "index.csv:2"), ("a.wav,loud,2,x\n", "index.csv:2"),
                ("a.wav,,2,4\n", "index.csv:2"), ("a.wav,loud,2,7\n", "the recording at 96000"),
                (",loud,2,4\n", "path is empty"), ("", "names no recording"),
            ] {
                let result = try run(rows)
                #expect(result.code == 65 && result.error.contains(fact), "\(rows)")
            }
            #expect(try run("none.wav,loud,2,4\n").code == 66)
        }
    }

    @Test(arguments: [
        ["--shard", "1/2"], ["--stream", "3", "--noise", "n", "--shard", "1/2"],
        ["--stream", "3", "--noise", "n", "--shard", "0/2", "--save", "f"],
        ["--stream", "3", "--noise", "n", "--shard", "3/2", "--save", "f"],
        ["--stream", "3", "--noise", "n", "--shard", "2", "--save", "f"],
        ["--stream", "3", "--noise", "n", "--recordings", "f"], ["--stream", "3"],
        ["--recordings", "f", "--snr", "3"], ["--save", "f"], ["--det", "f"],
        ["--recordings", "f", "--require-detected", "2"],
        ["--recordings", "f", "--fa-per-hour", "x"], ["--recordings", "f", "--keyword", "a,a"],
        ["--recordings", "f", "--keyword", ","],
        ["--stream", "3", "--noise", "n", "--float", "--float-only"], ["--float-only"],
        ["--stream", "3", "--noise", "n", "--other-share", "0.5"],
        ["--stream", "3", "--noise", "n", "--snr", "9,3"],
        ["--stream", "3", "--noise", "n", "--snr", "1,2,3"],
    ])
    func badCommandLinesAreRefused(options: [String]) throws {
        let result = try Tool.run(["evaluate", "m", "--data", "d"] + options)
        #expect(result.code == 64 && result.output == "" && !result.error.isEmpty)
    }
}
