// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSEvaluate
internal import KWSReport

/// What all thresholds do, keyword by keyword, as text, JSON members, CSV and SVG.
struct CurveReport {
    /// What is asked of it.
    struct Options {
        static let declared: [Arguments.Option] = [
            .init(
                "--fa-per-hour", "X", "also tell the threshold for so many false alarms an hour"),
            .init("--curve", "FILE", "write threshold, misses and false alarms as CSV"),
            .init("--det", "FILE", "draw the DET curve as SVG"),
        ]

        let falseAlarmsPerHour: Double?
        let csv: String?
        let drawing: String?

        init(_ arguments: Arguments) throws(UsageError) {
            falseAlarmsPerHour = try arguments.number("--fa-per-hour", in: 0...1_000_000)
            csv = arguments.text("--curve")
            drawing = arguments.text("--det")
        }
    }

    /// The upper end of the area under the curve, in false alarms an hour.
    private static let areaEnd = 20.0

    private let keywords: [String]
    /// The library's of each keyword.
    private let curves: [DetectionCurve]
    /// The float network's, or none.
    private let floats: [DetectionCurve]
    /// Both with their names.
    private let all: [(String, DetectionCurve)]
    /// False alarms an hour that people ask for.
    private let wanted: [Double]
    private let options: Options

    init(_ tally: StreamTally, _ options: Options) {
        self.options = options
        keywords = tally.keywords
        curves = tally.curves
        floats = tally.floatCurves
        all =
            Array(zip(keywords, curves))
            + zip(keywords.map { $0 + " (float)" }, floats)
        self.wanted = Set([0.5, 1, 5, 10, 20] + [options.falseAlarmsPerHour].compactMap(\.self))
            .sorted()
    }

    func write() throws {
        if let path = options.csv { try writeFile(Data(csv.utf8), to: path) }
        if let path = options.drawing {
            let lines = all.map { keyword, curve in
                let hours = JSON.decimal(curve.hours, digits: 2)
                return CurveDrawing.Line(
                    name: "\(keyword): \(curve.words) words, \(hours) hours of other sound",
                    curve: curve)
            }
            try writeFile(Data(CurveDrawing(lines).text.utf8), to: path)
        }
    }

    var text: String {
        all.map(text).joined()
            + zip(keywords, zip(curves, floats)).map { keyword, pair in
                let points = wanted.map { most in
                    JSON.decimal(100 * overFloat(pair, most), digits: 2)
                        + " at \(JSON.decimal(most, digits: 2))"
                }
                return "'\(keyword)': FRR less that of the float network, in points: "
                    + points.joined(separator: ", ") + " FA/h\n"
            }.joined()
    }

    /// By how much the library misses more words than the float network at so many false alarms an
    /// hour.
    private func overFloat(
        _ pair: (library: DetectionCurve, float: DetectionCurve), _ most: Double
    ) -> Double {
        func misses(_ curve: DetectionCurve) -> Double {
            curve.best(falseAlarmsPerHour: most)?.misses.value ?? 1
        }
        return misses(pair.library) - misses(pair.float)
    }

    private func text(_ keyword: String, _ curve: DetectionCurve) -> String {
        func percent(_ value: Double) -> String { JSON.decimal(100 * value, digits: 2) + " %" }
        func number(_ value: Double) -> String { JSON.decimal(value, digits: 2) }
        var lines =
            "'\(keyword)': \(curve.words) words, \(number(curve.hours)) hours without; mean miss rate "
            + "over 0 to \(number(Self.areaEnd)) FA/h (AUC): "
            + "\(percent(curve.area(most: Self.areaEnd)))\n"
        for most in wanted {
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
        if let least = wanted.first(where: { $0 > 0 }), curve.hours < 3 / least {
            lines +=
                "  Too short: without one false alarm \(number(curve.hours)) hours show fewer than "
                + "\(number(3 / max(curve.hours, 1e-9))) an hour, no less; \(number(least)) an hour "
                + "takes \(number(3 / least)) hours.\n"
        }
        return lines
    }

    var members: [(String, JSON)] {
        let areas = curves.map { $0.area(most: Self.areaEnd) }
        return [
            ("auc", .number(areas.reduce(0, +) / Double(max(1, areas.count)))),
            ("auc_end", .number(Self.areaEnd)),
            (
                "keywords",
                .array(
                    all.map { keyword, curve in
                        .object([
                            ("keyword", .string(keyword)),
                            ("words", .integer(curve.words)),
                            ("hours", .number(curve.hours)),
                            ("auc", .number(curve.area(most: Self.areaEnd))),
                            ("operating_points", .array(points(curve))),
                        ])
                    })
            ),
        ]
    }

    private func points(_ curve: DetectionCurve) -> [JSON] {
        wanted.compactMap { most in
            guard let point = curve.best(falseAlarmsPerHour: most) else { return nil }
            return .object([
                ("wanted_fa_per_hour", .number(most)),
                ("threshold", .number(Double(point.threshold) / 65536)),
                ("frr", .number(point.misses.value)),
                ("false_alarms", .integer(point.falseAlarms)),
            ])
        }
    }

    private var csv: String {
        all.reduce("keyword,threshold,words,missed,false_alarms,hours\n") {
            text, part in
            let name =
                part.0.contains { ",\"\n".contains($0) }
                ? "\"" + part.0.replacing("\"", with: "\"\"") + "\"" : part.0
            return part.1.points.reduce(text) { text, point in
                text + name + "," + JSON.decimal(Double(point.threshold) / 65536, digits: 6)
                    + ",\(point.misses.trials),\(point.misses.successes),\(point.falseAlarms),"
                    + JSON.decimal(point.hours, digits: 6) + "\n"
            }
        }
    }
}
