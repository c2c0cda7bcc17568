// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Reads `index.csv`: columns `path` and `label`, and if present `speaker`, `split`
/// and `word`.
enum IndexReader {
    static func clips(index: String, root: String) throws(EvaluationError) -> [Clip] {
        guard let data = FileManager.default.contents(atPath: index) else {
            throw EvaluationError(.badData, index, "cannot be read")
        }
        let table = try CSVTable(Array(data), name: index)
        func required(_ name: String) throws(EvaluationError) -> Int {
            guard let column = table.column(name) else {
                throw EvaluationError(
                    .badData, "\(index):1", "no column '\(name)'; found \(table.header)")
            }
            return column
        }
        let path = try required("path")
        let label = try required("label")
        let speaker = table.column("speaker")
        let split = table.column("split")
        let word = table.column("word")
        var clips = [Clip]()
        clips.reserveCapacity(table.rows.count)
        for (row, line) in zip(table.rows, table.lines) {
            guard !row[path].isEmpty, !row[label].isEmpty else {
                throw EvaluationError(.badData, "\(index):\(line)", "path or label is empty")
            }
            clips.append(
                Clip(
                    path: "\(root)/\(row[path])", label: row[label],
                    speaker: speaker.map { row[$0] } ?? "", split: split.map { row[$0] } ?? "",
                    word: word.map { row[$0] } ?? ""))
        }
        return clips
    }
}
