// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import KWSEvaluate

/// Finds the recordings of words, other speech and noise.
package struct RecordingFolders: Sendable {
    /// The folder names that are no words.
    private static let others = ["unknown", "other", "others", "negative", "negatives"]
    private static let noises = ["noise", "background", "background_noise", "silence"]
    /// Fewer recordings of a word than this are refused.
    package static let fewest = 10

    /// The words to hear, in byte order.
    package let words: [String]
    package private(set) var recordings: [Recording] = []

    /// - Parameters:
    ///   - root: a folder for each word, or a set with an `index.csv`. What is in folders such as
    ///     `unknown` or `noise` is other speech or noise.
    ///   - chosen: the words to hear; the other words are other speech. Nil: all of them.
    ///   - others: more speech without the words, any data set; recordings of the words in it are
    ///     left out.
    ///   - noise: more noise: a data set, or a folder of recordings.
    /// - Throws: if a folder is missing or empty, a chosen word is not there, or a word has fewer than
    ///   10 recordings.
    package init(
        _ root: String, words chosen: [String]?, others: String?, noise: String?
    ) throws(EvaluationError) {
        let clips = try DataSet.load(root).clips
        let labels = Set(clips.map(\.label)).sorted()
        let found = labels.filter { Self.kind(of: $0) == .word($0) }
        if let chosen {
            for word in chosen where !found.contains(word) {
                throw EvaluationError(
                    .badData, root, "no word '\(word)'; found \(found.joined(separator: ", "))")
            }
        }
        words = chosen.map { $0.sorted() } ?? found
        guard !words.isEmpty else {
            throw EvaluationError(
                .badData, root, "no folder of a word; found \(labels.joined(separator: ", "))")
        }
        for clip in clips {
            var kind = Self.kind(of: clip.label)
            if case .word(let word) = kind, !words.contains(word) { kind = .other }
            recordings.append(Recording(clip, kind))
        }
        for word in words {
            let count = recordings.count { $0.kind == .word(word) }
            guard count >= Self.fewest else {
                throw EvaluationError(
                    .badData, "\(root)/\(word)",
                    "\(count) recordings; allowed: \(Self.fewest) at least, better hundreds of "
                        + "many people")
            }
        }
        if let others {
            for clip in try DataSet.load(others).clips
            where !words.contains(clip.label) && !words.contains(clip.word) {
                let isNoise = Self.kind(of: clip.label) == .noise
                recordings.append(Recording(clip, isNoise ? .noise : .other))
            }
        }
        if let noise {
            recordings += try Self.all(in: noise).map { Recording($0, .noise) }
        }
        let background = "\(root)/_background_noise_"
        if FileManager.default.fileExists(atPath: background) {
            recordings += try Self.all(in: background).map { Recording($0, .noise) }
        }
    }

    private static func kind(of label: String) -> Recording.Kind {
        let name = label.lowercased().filter { $0 != "_" || label.contains("ground_") }
        if others.contains(name) { return .other }
        if noises.contains(name) { return .noise }
        return .word(label)
    }

    /// The clips of a data set, or a folder's own recordings.
    private static func all(in folder: String) throws(EvaluationError) -> [Clip] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.filter(DataSet.isRecording).sorted()
        guard !files.isEmpty, !names.contains("index.csv") else {
            return try DataSet.load(folder).clips
        }
        return files.map { Clip(path: "\(folder)/\($0)", label: "noise") }
    }
}

extension Recording {
    fileprivate init(_ clip: Clip, _ kind: Kind) {
        self.init(
            path: clip.path, kind: kind, speaker: clip.speaker,
            part: clip.split == "validation" ? .val : Part(rawValue: clip.split))
    }
}
