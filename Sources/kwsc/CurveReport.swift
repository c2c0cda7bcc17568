// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSEmit
internal import KWSEvaluate
internal import KWSReport

let curveOptions: [Arguments.Option] = [
    .init("--curve", "FILE", "write threshold, misses and false alarms as CSV"),
    .init("--det", "FILE", "draw the DET curve as SVG"),
]

/// What all thresholds do, as text, JSON members, CSV and SVG.
struct CurveReport {
    /// False alarms an hour that people ask for.
    private static let wanted = [0.5, 1, 5, 10, 20]
    /// The upper end of the area under the curve, in false alarms an hour.
    private static let areaEnd = 20.0

    let curve: DetectionCurve
    let keyword: String

    func write(_ arguments: Arguments) throws {
        if let path = arguments.text("--curve") { try writeFile(csv, to: path) }
        if let path = arguments.text("--det") {
            let hours = JSON.decimal(curve.hours, digits: 2)
            let title = "'\(keyword)': \(curve.words) words, \(hours) hours of other sound"
            try writeFile(CurveDrawing(curve, title: title).text, to: path)
        }
    }

    var text: String {
        func percent(_ value: Double) -> String { JSON.decimal(100 * value, digits: 2) + " %" }
        func number(_ value: Double) -> String { JSON.decimal(value, digits: 2) }
        var lines =
            "\(curve.words) words, \(number(curve.hours)) hours without; mean miss rate over 0 to "
            + "\(number(Self.areaEnd)) FA/h (AUC): \(percent(curve.area(most: Self.areaEnd)))\n"
        for most in Self.wanted {
            guard let point = curve.best(falseAlarmsPerHour: most) else { continue }
            let misses = point.misses.interval
            let alarms = point.falseAlarmInterval
            lines +=
                "  FRR at \(number(most)) FA/h: \(percent(point.misses.value)) "
                + "(95 %: \(percent(misses.lowerBound)) to \(percent(misses.upperBound))), threshold "
                + "\(JSON.decimal(Double(point.threshold) / 65536, digits: 4)), "
                + "\(point.falseAlarms) false alarms, \(number(alarms.lowerBound)) to "
                + "\(number(alarms.upperBound)) an hour\n"
        }
        // Rule of three: none in T hours shows less than 3/T an hour.
        if let least = Self.wanted.first, curve.hours < 3 / least {
            lines +=
                "  Too short: without one false alarm \(number(curve.hours)) hours show fewer than "
                + "\(number(3 / max(curve.hours, 1e-9))) an hour, no less; \(number(least)) an hour "
                + "takes \(number(3 / least)) hours.\n"
        }
        return lines
    }

    var members: [(String, JSON)] {
        [
            ("auc", .number(curve.area(most: Self.areaEnd))),
            ("auc_end", .number(Self.areaEnd)),
            ("hours", .number(curve.hours)),
            (
                "operating_points",
                .array(
                    Self.wanted.compactMap { most in
                        guard let point = curve.best(falseAlarmsPerHour: most) else { return nil }
                        return .object([
                            ("wanted_fa_per_hour", .number(most)),
                            ("threshold", .number(Double(point.threshold) / 65536)),
                            ("frr", .number(point.misses.value)),
                            ("false_alarms", .integer(point.falseAlarms)),
                        ])
                    })
            ),
        ]
    }

    private func writeFile(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw OutputError(path: path, fact: error.localizedDescription)
        }
    }

    private var csv: String {
        curve.points.reduce("threshold,words,missed,false_alarms,hours\n") { text, point in
            text + JSON.decimal(Double(point.threshold) / 65536, digits: 6)
                + ",\(point.misses.trials),\(point.misses.successes),\(point.falseAlarms),"
                + JSON.decimal(point.hours, digits: 6) + "\n"
        }
    }
}
