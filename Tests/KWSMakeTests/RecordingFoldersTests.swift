// SPDX-License-Identifier: Apache-2.0
//
// Goal: folders are taken for what their names say, and what is missing is named. Method: trees of
// empty files (no audio is read here).

import Foundation
import KWSEvaluate
import KWSMake
import Testing

@Suite final class RecordingFoldersTests {
    let root = FileManager.default.temporaryDirectory
        .appendingPathComponent("make-\(UUID().uuidString)").path

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    init() throws {
        for (folder, count) in [
            ("wavs/on", 12), ("wavs/off", 10), ("wavs/unknown", 3), ("wavs/_background_noise_", 2),
            ("wavs/noise", 1), ("more/cat", 4), ("more/on", 4), ("few/on", 9), ("hum", 5),
        ] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
            for number in 0..<count {
                let path = "\(root)/\(folder)/p\(number)_nohash_0.wav"
                try Data().write(to: URL(fileURLWithPath: path))
            }
        }
    }

    func count(_ found: RecordingFolders, _ kind: Recording.Kind) -> Int {
        found.recordings.count { $0.kind == kind }
    }

    @Test func namesTellKinds() throws {
        let found = try RecordingFolders("\(root)/wavs", words: nil, others: nil, noise: nil)
        #expect(found.words == ["off", "on"])
        #expect(count(found, .word("on")) == 12 && count(found, .word("off")) == 10)
        #expect(count(found, .other) == 3 && count(found, .noise) == 3)
        #expect(found.recordings.first { $0.kind == .word("on") }?.speaker == "p0")
    }

    @Test func moreComesFromElsewhere() throws {
        let found = try RecordingFolders(
            "\(root)/wavs", words: ["on"], others: "\(root)/more", noise: "\(root)/hum")
        #expect(found.words == ["on"])
        // "off" is other speech now; the other set's "on" is left out.
        #expect(count(found, .other) == 3 + 10 + 4 && count(found, .word("on")) == 12)
        #expect(count(found, .noise) == 3 + 5)
    }

    @Test(arguments: [
        ("few", nil, "9 recordings; allowed: 10 at least"),
        ("wavs", ["up"], "no word 'up'; found off, on"),
        ("none", nil, "no such folder"),
    ])
    func whatIsMissingIsNamed(folder: String, words: [String]?, fact: String) {
        let error = #expect(throws: EvaluationError.self) {
            try RecordingFolders("\(self.root)/\(folder)", words: words, others: nil, noise: nil)
        }
        #expect(error?.fact.contains(fact) == true, "\(error?.description ?? "")")
    }
}
