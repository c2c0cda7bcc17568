// SPDX-License-Identifier: Apache-2.0

internal import Foundation
package import KWSEvaluate
internal import KWSNumerics

/// The folder that a recipe trains from: an `index.csv` that points to windows in the recordings, and
/// what had to be made: converted recordings, synthesised negatives and noise.
package struct TrainingSet: Sendable {
    /// A recording, mono at 16 kHz.
    struct Prepared: Sendable {
        var recording: Recording
        var path: String
        var samples: Int
        /// The loudest stretch.
        var spoken: Range<Int>
    }

    package let folder: String
    package let words: [String]
    /// What the network sees at once.
    package let windowSamples: Int
    /// Recordings that were not mono, 16 bit, 16 kHz.
    package private(set) var converted = 0
    package private(set) var synthesised = 0
    /// `[path, label, speaker, split, begin, end]`.
    private var rows: [[String]] = []

    package static let silence = "silence"
    package static let unknown = "unknown"

    /// Reads all recordings and writes the folder.
    ///
    /// - Throws: if a recording cannot be read, or the folder cannot be written.
    package init(
        _ people: HeldOutPeople, words: [String], folder: String, seed: UInt64,
        progress: Parallel.Progress? = nil
    ) throws(EvaluationError) {
        self.folder = folder
        self.words = words
        try Self.make(folder: "\(folder)/converted")
        let recordings = people.recordings
        let prepared = try Parallel.map(recordings.count, progress: progress) {
            index throws(EvaluationError) in
            let recording = recordings[index]
            let (samples, isConverted) = try AudioFile.readConverting(recording.path)
            let path =
                isConverted
                ? "\(folder)/converted/\(index).wav"
                : URL(fileURLWithPath: recording.path).path
            if isConverted { try AudioFile.write(samples, to: path) }
            return Prepared(
                recording: recording, path: path, samples: samples.count,
                spoken: recording.kind == .noise
                    ? samples.indices : EnergyGate.word(in: samples))
        }
        converted = prepared.count { $0.path.hasPrefix("\(folder)/converted/") }
        windowSamples = Self.window(prepared)
        for item in prepared { add(item) }
        var negatives = Negatives(windowSamples: windowSamples, seed: seed)
        let made = try negatives.write(prepared, to: "\(folder)/synthesised")
        synthesised = made.count
        for (number, negative) in made.enumerated() {
            // Every tenth to choose by, none to test: those should be real.
            let part = number % 10 == 9 ? Recording.Part.val : .train
            rows.append([negative.path, negative.label, "", part.rawValue, "", ""])
            if negative.label == Self.silence, part == .train {
                rows.append([negative.path, negative.label, "", "noise", "", ""])
            }
        }
        try write()
    }

    /// A second, or longer by steps of a hop where a tenth of the words would not fit, up to two.
    private static func window(_ prepared: [Prepared]) -> Int {
        let lengths = prepared.filter(\.recording.isWord).map(\.spoken.count).sorted()
        let long = lengths.isEmpty ? 0 : lengths[lengths.count * 9 / 10] + 1600
        return (min(32_000, max(16_000, long)) + 319) / 320 * 320
    }

    /// A window around the word, or the windows that fit into noise.
    private mutating func add(_ item: Prepared) {
        let part = (item.recording.part ?? .train).rawValue
        func row(_ label: String, _ split: String, _ begin: Int, _ length: Int) -> [String] {
            [item.path, label, item.recording.speaker, split, "\(begin)", "\(begin + length)"]
        }
        switch item.recording.kind {
        case .noise:
            let windows = min(40, max(1, item.samples / windowSamples))
            let step = max(windowSamples, item.samples / windows)
            for window in 0..<windows {
                rows.append(row(Self.silence, part, window * step, windowSamples))
            }
            if part == "train" { rows.append(row(Self.silence, "noise", 0, item.samples)) }
        case .word, .other:
            let label = item.recording.word ?? Self.unknown
            // A recording about as long as the window is taken as it is.
            let isLong = item.samples > windowSamples * 5 / 4
            let middle =
                isLong ? (item.spoken.lowerBound + item.spoken.upperBound) / 2 : item.samples / 2
            rows.append(row(label, part, middle - windowSamples / 2, windowSamples))
        }
    }

    private func write() throws(EvaluationError) {
        func quoted(_ field: String) -> String {
            field.contains { ",\"\n\r".contains($0) }
                ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
        }
        let text = ([["path", "label", "speaker", "split", "begin", "end"]] + rows)
            .map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
        do {
            try Data(text.utf8).write(
                to: URL(fileURLWithPath: "\(folder)/index.csv"), options: .atomic)
        } catch {
            throw EvaluationError(.failure, folder, "cannot be written: \(error)")
        }
    }

    static func make(folder: String) throws(EvaluationError) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw EvaluationError(.failure, folder, "cannot be made: \(error)")
        }
    }

    /// Rows of a part.
    package func count(_ part: Recording.Part) -> Int { rows.count { $0[3] == part.rawValue } }
}

extension Recording {
    /// The word that is said, if it is one to hear.
    var word: String? {
        if case .word(let word) = kind { return word }
        return nil
    }
}
