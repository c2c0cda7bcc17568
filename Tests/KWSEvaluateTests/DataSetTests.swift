// SPDX-License-Identifier: Apache-2.0
//
// Goal: both kinds of data set are found, labelled and ordered; empty and missing ones are refused.
// Method: trees of empty files (no audio is read here).

import Foundation
import KWSEvaluate
import Testing

@Suite struct DataSetTests {
    @Test func indexGivesLabelSpeakerAndSplit() throws {
        try withFolder { folder in
            try write(
                Array(
                    "path,label,speaker,split,samples\nb/1.wav,yes,s1,val,16000\na/2.wav,no,,train,9\n"
                        .utf8),
                to: "\(folder)/index.csv")
            let all = try DataSet.load(folder)
            #expect(
                all.clips == [
                    Clip(path: "\(folder)/b/1.wav", label: "yes", speaker: "s1", split: "val"),
                    Clip(path: "\(folder)/a/2.wav", label: "no", speaker: "", split: "train"),
                ])
            #expect(try DataSet.load(folder, split: "val").clips.map(\.label) == ["yes"])
            #expect(throws: EvaluationError.self) { try DataSet.load(folder, split: "test") }
        }
    }

    @Test func treeGivesLabelSpeakerAndLists() throws {
        try withFolder { folder in
            for file in [
                "yes/ab12_nohash_0.wav", "yes/ab12_nohash_1.wav", "no/cd34_nohash_0.flac",
                "no/notes.txt", "_background_noise_/hum.wav", "_silence_/1.wav",
            ] {
                try write([], to: "\(folder)/\(file)")
            }
            try write(Array("yes/ab12_nohash_1.wav\n".utf8), to: "\(folder)/testing_list.txt")
            let clips = try DataSet.load(folder).clips
            #expect(clips.map(\.label) == ["silence", "no", "yes", "yes"])
            #expect(clips.map(\.speaker) == ["", "cd34", "ab12", "ab12"])
            #expect(clips.map(\.split) == ["train", "train", "train", "test"])
        }
    }

    @Test func emptyAndMissingAreRefused() throws {
        try withFolder { folder in
            #expect(throws: EvaluationError.self) { try DataSet.load(folder) }
            try write(Array("path,label\n".utf8), to: "\(folder)/index.csv")
            #expect(throws: EvaluationError.self) { try DataSet.load(folder) }
            try write(Array("file,label\na,b\n".utf8), to: "\(folder)/index.csv")
            #expect(throws: EvaluationError.self) { try DataSet.load(folder) }
            #expect(
                throws: EvaluationError(.noSuchFile, "\(folder)/none", "no such folder")
            ) { try DataSet.load("\(folder)/none") }
        }
    }

    @Test func spreadTakesEvenly() {
        let set = DataSet(root: "", clips: (0..<10).map { Clip(path: "\($0)", label: "") })
        #expect(set.spread(4).clips.map(\.path) == ["0", "2", "5", "7"])
        #expect(set.spread(20).clips.count == 10)
    }

    @Test func labelsMapToClasses() {
        let twelve = ClassMap(classes: ["down", "yes", "silence", "unknown"])
        #expect(twelve.index(of: "yes") == 1)
        #expect(twelve.index(of: "marvin") == 3)
        #expect(twelve.index(of: "_silence_") == 2)
        let two = ClassMap(classes: ["on", "off"])
        #expect(two.index(of: "marvin") == nil && two.index(of: "silence") == nil)
        let deaf = ClassMap(classes: ["on", "_unknown_"])
        #expect(deaf.index(of: "silence") == nil && deaf.index(of: "unknown") == 1)
    }
}
