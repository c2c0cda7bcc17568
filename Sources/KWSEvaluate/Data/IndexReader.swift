// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Reads `index.csv`: columns `path` (relative to the set) and `label`, and if present `speaker`,
/// `split`, `word`, and `begin` and `end`, the samples of a part of the recording.
enum IndexReader {
    static func clips(index: String, root: String) throws(EvaluationError) -> [Clip] {
        guard let data = FileManager.default.contents(atPath: index) else {
            throw EvaluationError(.badData, index, "cannot be read")
        }
        let table = try CSVTable(Array(data), name: index)
        let path = try table.required("path")
        let label = try table.required("label")
        let speaker = table.column("speaker")
        let split = table.column("split")
        let word = table.column("word")
        let (begin, end) = (table.column("begin"), table.column("end"))
        var clips = [Clip]()
        clips.reserveCapacity(table.rows.count)
        for (row, line) in zip(table.rows, table.lines) {
            guard !row[path].isEmpty, !row[label].isEmpty else {
                throw EvaluationError(.badData, "\(index):\(line)", "path or label is empty")
            }
            var part: Range<Int>?
            if let begin, let end, !(row[begin].isEmpty && row[end].isEmpty) {
                guard let first = Int(row[begin]), let last = Int(row[end]), first < last,
                    last - first <= AudioFile.samplesMax
                else {
                    throw EvaluationError(
                        .badData, "\(index):\(line)",
                        "part '\(row[begin])' to '\(row[end])', allowed are two whole numbers, "
                            + "the smaller one first, \(AudioFile.samplesMax) apart at most")
                }
                part = first..<last
            }
            clips.append(
                Clip(
                    path: row[path].hasPrefix("/") ? row[path] : "\(root)/\(row[path])",
                    label: row[label],
                    speaker: speaker.map { row[$0] } ?? "", split: split.map { row[$0] } ?? "",
                    word: word.map { row[$0] } ?? "", part: part))
        }
        return clips
    }
}
