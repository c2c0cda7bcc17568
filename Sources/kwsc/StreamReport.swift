// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate

/// What `kwsc evaluate --stream` and `kwsc evaluate merge` tell.
struct StreamReport {
    /// What is asked of it.
    struct Options {
        static let declared: [Arguments.Option] =
            [
                .init("--save", "FILE", "keep the counts for 'kwsc evaluate merge'"),
                .init(
                    "--require-detected", "A",
                    "exit with 1 if fewer words are detected, or anything else"),
            ] + CurveReport.Options.declared

        let save: String?
        let required: Double?
        let curves: CurveReport.Options

        init(_ arguments: Arguments) throws(UsageError) {
            save = arguments.text("--save")
            required = try arguments.number("--require-detected", in: 0...1)
            curves = try CurveReport.Options(arguments)
        }
    }

    /// Pieces of audio that are listed one by one.
    private static let listed = 100

    let options: Options
    let saved: SavedPart
    /// None where counts of parts were merged.
    let pieces: [StreamEvaluation.Piece]

    /// Writes the files that were asked for.
    func write() throws {
        if let path = options.save { try writeFile(saved.data, to: path) }
        try curves.write()
    }

    var isGoodEnough: Bool {
        guard let required = options.required else { return true }
        return 1 - score.falseRejectRate >= required && score.falseDetections == 0
    }

    var members: [(String, JSON)] {
        curves.members + [
            ("frr", .number(score.falseRejectRate)),
            ("fa_per_hour", .number(score.falseAlarmsPerHour)),
            ("words", .integer(score.words)),
            ("detected", .integer(score.detected)),
            ("false_detections", .integer(score.falseDetections)),
            ("hours", .number(score.hours)),
            ("setting", .string(saved.setting)),
        ]
    }

    var text: String {
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
            + curves.text
    }

    private var score: StreamScore { saved.tally.score }

    private var curves: CurveReport { CurveReport(saved.tally, options.curves) }

    private func list(_ items: [String]) -> String {
        items.isEmpty ? "-" : items.joined(separator: ", ")
    }

    private func time(_ sample: Int) -> String {
        JSON.decimal(Double(sample) / Double(AudioFile.sampleRate), digits: 2)
    }
}
