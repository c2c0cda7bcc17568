// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSNumerics

/// Recordings with the times of the words in them, out of a CSV file: columns `path` (relative to the
/// file's folder), `label`, `start` and `end`, in seconds. A row a word; a recording without words has one
/// row whose other fields are empty.
package struct RecordedAudio: AudioSource {
    private struct Recording: Sendable {
        let path: String
        /// With the line of each.
        var words: [(word: LabelledAudio.Word, line: Int)] = []
    }

    private let index: String
    private var recordings: [Recording] = []
    package let setting: String

    /// - Throws: if the file is missing, a column or a path is, or a time is no number, negative or not
    ///   before its end. Recordings are read when they are played.
    package init(index: String) throws(EvaluationError) {
        guard let data = FileManager.default.contents(atPath: index) else {
            throw EvaluationError(.noSuchFile, index, "cannot be read")
        }
        let table = try CSVTable(Array(data), name: index)
        let (path, label) = (try table.required("path"), try table.required("label"))
        let (start, end) = (try table.required("start"), try table.required("end"))
        let folder = URL(fileURLWithPath: index).deletingLastPathComponent().path
        self.index = index
        var places: [String: Int] = [:]
        for (row, line) in zip(table.rows, table.lines) {
            guard !row[path].isEmpty else {
                throw EvaluationError(.badData, "\(index):\(line)", "path is empty")
            }
            let place = places[row[path], default: recordings.count]
            if place == recordings.count {
                places[row[path]] = place
                recordings.append(
                    Recording(path: row[path].hasPrefix("/") ? row[path] : "\(folder)/\(row[path])")
                )
            }
            if row[label].isEmpty, row[start].isEmpty, row[end].isEmpty { continue }
            guard !row[label].isEmpty, let from = Double(row[start]), let to = Double(row[end]),
                0 <= from, from < to, to < 1e6
            else {
                throw EvaluationError(
                    .badData, "\(index):\(line)",
                    "label '\(row[label])' from '\(row[start])' to '\(row[end])', allowed are a label "
                        + "and two times in seconds, the smaller one first, or all three empty")
            }
            let rate = Double(AudioFile.sampleRate)
            recordings[place].words.append(
                (
                    .init(
                        label: row[label], spoken: Int(from * rate)..<Int((to * rate).rounded(.up))),
                    line
                ))
        }
        guard !recordings.isEmpty else {
            throw EvaluationError(.badData, index, "names no recording")
        }
        setting =
            "\(recordings.count) recordings of an index \(data.withUnsafeBytes { CRC32.of($0) })"
    }

    package var count: Int { recordings.count }

    /// - Throws: if the recording cannot be read or ends before a word in it does.
    package func audio(_ number: Int) throws(EvaluationError) -> LabelledAudio {
        let recording = recordings[number]
        let samples = try AudioFile.read(recording.path)
        for (word, line) in recording.words where word.spoken.upperBound > samples.count {
            throw EvaluationError(
                .badData, "\(index):\(line)",
                "the word ends at sample \(word.spoken.upperBound), the recording at \(samples.count)"
            )
        }
        return LabelledAudio(
            title: recording.path, samples: samples,
            words: recording.words.map(\.word)
                .sorted { $0.spoken.lowerBound < $1.spoken.lowerBound })
    }
}
