// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Reads a Speech Commands tree: a folder for each label, `SPEAKER_nohash_N.wav` in it.
///
/// `_background_noise_` is left out. Where `testing_list.txt` or `validation_list.txt` exist, the
/// clips they name are of split "test" or "val" and the others of "train".
enum SpeechCommandsTree {
    static func clips(root: String) throws(EvaluationError) -> [Clip] {
        let lists = [("test", "testing_list.txt"), ("val", "validation_list.txt")]
        var splits = [String: String]()
        var hasLists = false
        for (split, name) in lists {
            guard let data = FileManager.default.contents(atPath: "\(root)/\(name)") else {
                continue
            }
            hasLists = true
            let text = String(decoding: data, as: UTF8.self)
            for line in text.split(whereSeparator: \.isNewline) {
                splits[String(line)] = split
            }
        }
        var clips = [Clip]()
        for label in names(in: root) where !label.hasPrefix("_background_noise") {
            for file in names(in: "\(root)/\(label)") where isAudio(file) {
                clips.append(
                    Clip(
                        path: "\(root)/\(label)/\(file)",
                        label: label.hasPrefix("_") ? label.filter { $0 != "_" } : label,
                        speaker: speaker(of: file),
                        split: splits["\(label)/\(file)"] ?? (hasLists ? "train" : "")))
            }
        }
        return clips
    }

    /// The part of `SPEAKER_nohash_N.ext` before `_nohash_`; empty without it.
    static func speaker(of file: String) -> String {
        guard let range = file.range(of: "_nohash_") else { return "" }
        return String(file[..<range.lowerBound])
    }

    static func isAudio(_ file: String) -> Bool {
        [".wav", ".flac", ".ogg"].contains { file.lowercased().hasSuffix($0) }
    }

    /// The names in a folder in byte order; none if it is not a folder.
    private static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.hasPrefix(".") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
