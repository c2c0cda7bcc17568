// SPDX-License-Identifier: Apache-2.0

extension DetectionCurve {
    /// A threshold and what it does.
    package struct Point: Hashable, Sendable {
        /// In units of 1/65536.
        package var threshold: UInt16
        /// Words missed out of all.
        package var misses: Proportion
        package var falseAlarms: Int
        /// Of audio without the keyword.
        package var hours: Double

        package var falseAlarmsPerHour: Double {
            hours > 0 ? Double(falseAlarms) / hours : 0
        }

        /// The exact interval of 95 % of false alarms an hour.
        package var falseAlarmInterval: ClosedRange<Double> {
            guard hours > 0 else { return 0 ... .infinity }
            let interval = Poisson.interval(falseAlarms)
            return interval.lowerBound / hours...interval.upperBound / hours
        }
    }

    /// Hours of audio without the keyword.
    package var hours: Double {
        Double(negativeSamples) / (3600 * Double(AudioFile.sampleRate))
    }

    /// One point a threshold, from the lowest on.
    package var points: [Point] {
        Self.thresholds.indices.map { index in
            Point(
                threshold: Self.thresholds[index],
                misses: Proportion(successes: words - detected[index], trials: words),
                falseAlarms: falseAlarms[index], hours: hours)
        }
    }

    /// FRR at x FA/h: the fewest misses of all thresholds with at most so many false alarms an hour,
    /// of these the highest threshold. Nil if there is none.
    package func best(falseAlarmsPerHour most: Double) -> Point? {
        points.filter { $0.falseAlarmsPerHour <= most }.min {
            ($0.misses.successes, $1.threshold) < ($1.misses.successes, $0.threshold)
        }
    }

    /// The points of the DET curve: no other threshold has both fewer misses and fewer false alarms.
    /// From the fewest false alarms to the most.
    package var frontier: [Point] {
        var result: [Point] = []
        let ordered = points.sorted {
            ($0.falseAlarms, $0.misses.successes) < ($1.falseAlarms, $1.misses.successes)
        }
        for point in ordered where point.misses.successes < result.last?.misses.successes ?? .max {
            result.append(point)
        }
        return result
    }

    /// The area under FRR over FA/h on `0...most`, by trapezoids, divided by `most`: the mean miss
    /// rate, lower is better (Sun et al. 2017 report it relatively). Above the last point of the curve
    /// its misses go on.
    package func area(most: Double) -> Double {
        // Who never fires has no false alarm and misses all.
        var last = (x: 0.0, y: 1.0)
        var area = 0.0
        for point in frontier {
            let (x, y) = (point.falseAlarmsPerHour, point.misses.value)
            guard x < most else {
                // The part of the trapezoid below `most`.
                let end = last.y + (y - last.y) * (most - last.x) / max(x - last.x, 1e-12)
                return (area + (most - last.x) * (last.y + end) / 2) / most
            }
            area += (x - last.x) * (last.y + y) / 2
            last = (x, y)
        }
        return (area + (most - last.x) * last.y) / most
    }
}
