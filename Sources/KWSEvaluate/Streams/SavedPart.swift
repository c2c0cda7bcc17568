// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// What a part came to, as it lies in a file until all parts are there.
package struct SavedPart: Hashable, Sendable, Codable {
    /// Raised when the meaning of a file changes.
    private static let format = 2

    private var format = SavedPart.format
    /// Model and audio: only parts with the same are of one whole.
    package let setting: String
    package let part: StreamPart
    package let tally: StreamTally

    package init(setting: String, part: StreamPart, tally: StreamTally) {
        self.setting = setting
        self.part = part
        self.tally = tally
    }

    package init(file: String) throws(EvaluationError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw EvaluationError(.noSuchFile, file, "cannot be read")
        }
        guard let saved = try? JSONDecoder().decode(SavedPart.self, from: data),
            saved.format == Self.format, saved.tally.isWhole
        else {
            throw EvaluationError(
                .badData, file, "not what 'kwsc evaluate --save' of this version wrote")
        }
        self = saved
    }

    /// The same part always makes the same bytes.
    package var data: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// The sum of all parts of a whole.
    ///
    /// - Parameter parts: each with the name of its file.
    /// - Throws: if there is none, parts of different settings, or one is missing or there twice.
    package static func merge(
        _ parts: [(file: String, saved: SavedPart)]
    ) throws(EvaluationError) -> SavedPart {
        guard let (firstFile, first) = parts.first else {
            throw EvaluationError(.badData, "parts", "none")
        }
        var files: [Int: String] = [:]
        var tally = first.tally
        for (file, saved) in parts {
            guard saved.setting == first.setting, saved.part.count == first.part.count,
                saved.tally.keywords == tally.keywords,
                saved.tally.floatCurves.count == tally.floatCurves.count
            else {
                throw EvaluationError(
                    .badData, file,
                    "part \(saved.part.number) of \(saved.part.count) of \(saved.setting); "
                        + "\(firstFile) is of \(first.part.count) of \(first.setting)")
            }
            if let other = files[saved.part.number] {
                throw EvaluationError(
                    .badData, file, "part \(saved.part.number), as \(other) is")
            }
            if !files.isEmpty { tally = tally + saved.tally }
            files[saved.part.number] = file
        }
        let missing = (1...first.part.count).filter { files[$0] == nil }
        guard missing.isEmpty else {
            throw EvaluationError(
                .badData, "parts",
                "of \(first.part.count) there is no \(missing.map(String.init).joined(separator: ", "))"
            )
        }
        return SavedPart(setting: first.setting, part: .whole, tally: tally)
    }
}
