// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSEmit
internal import KWSEvaluate

/// What `kwsc evaluate --stream` and `kwsc evaluate merge` tell.
struct StreamReport {
    /// Pieces of audio that are listed one by one.
    private static let listed = 100

    let saved: SavedPart
    /// None where counts of parts were merged.
    let pieces: [StreamEvaluation.Piece]

    /// Writes the files that were asked for.
    func write(_ arguments: Arguments) throws {
        if let path = arguments.text("--save") { try writeFile(saved.data, to: path) }
        try curves(arguments).write(arguments)
    }

    func isGoodEnough(_ arguments: Arguments) throws -> Bool {
        guard let required = try arguments.number("--require-detected", in: 0...1) else {
            return true
        }
        return 1 - score.falseRejectRate >= required && score.falseDetections == 0
    }

    func members(_ arguments: Arguments) throws -> [(String, JSON)] {
        try curves(arguments).members + [
            ("frr", .number(score.falseRejectRate)),
            ("fa_per_hour", .number(score.falseAlarmsPerHour)),
            ("words", .integer(score.words)),
            ("detected", .integer(score.detected)),
            ("false_detections", .integer(score.falseDetections)),
            ("hours", .number(score.hours)),
            ("setting", .string(saved.setting)),
        ]
    }

    func text(_ arguments: Arguments) throws -> String {
        func number(_ value: Double) -> String { JSON.decimal(value, digits: 3) }
        let part = saved.part == .whole ? "" : "part \(saved.part.number) of \(saved.part.count), "
        var lines = ""
        if pieces.count <= Self.listed {
            for (index, piece) in pieces.enumerated() {
                let words = piece.words.map { "\($0.label) \(time($0.spoken.upperBound))" }
                let heard = piece.heard.map {
                    "\($0.keyword) \(time($0.endSample)) (\(number($0.score)))"
                }
                lines +=
                    "  \(index): \(piece.title), words end: \(list(words)); heard: \(list(heard))\n"
            }
        }
        return part + saved.setting + ":\n" + lines
            + "detected \(score.detected) of \(score.words), "
            + "false detections \(score.falseDetections) "
            + "(\(number(score.falseAlarmsPerHour)) an hour) in \(number(score.hours)) hours\n"
            + (try curves(arguments).text)
    }

    private var score: StreamScore { saved.tally.score }

    private func curves(_ arguments: Arguments) throws -> CurveReport {
        CurveReport(
            saved.tally, wanted: try arguments.number("--fa-per-hour", in: 0...1_000_000))
    }

    private func list(_ items: [String]) -> String {
        items.isEmpty ? "-" : items.joined(separator: ", ")
    }

    private func time(_ sample: Int) -> String {
        JSON.decimal(Double(sample) / Double(AudioFile.sampleRate), digits: 2)
    }
}

/// Writes a file whole or not at all.
func writeFile(_ data: Data, to path: String) throws {
    do {
        try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
        throw OutputError(path: path, fact: error.localizedDescription)
    }
}
