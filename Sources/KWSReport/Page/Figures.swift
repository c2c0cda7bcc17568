// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate

/// Numbers as the page shows them, the same in every locale.
enum Figures {
    /// Such as 25,552.
    static func grouped(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "\u{2212}" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// With so many decimals, always.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        let text = JSON.decimal(abs(value), digits: decimals)
        let parts = text.split(separator: ".")
        let rest = parts.count > 1 ? String(parts[1]) : ""
        let filled =
            String(parts[0]) + (decimals > 0 ? "." : "") + rest
            + String(repeating: "0", count: decimals - rest.count)
        let isZero = !filled.contains { ("1"..."9").contains($0) }
        return value < 0 && !isZero ? "\u{2212}" + filled : filled
    }

    /// With two digits that count, or as 0.
    static func significant(_ value: Double) -> String {
        guard abs(value) >= 0.000_05 else { return "0" }
        var decimals = 1
        var size = abs(value)
        while size < 1, decimals < 5 { (size, decimals) = (10 * size, decimals + 1) }
        return fixed(value, decimals)
    }

    /// A fraction of 1 in percent.
    static func percent(_ value: Double, _ decimals: Int = 2) -> String {
        fixed(100 * value, decimals)
    }

    static func percent(_ range: ClosedRange<Double>, _ decimals: Int = 2) -> String {
        "\(percent(range.lowerBound, decimals)) to \(percent(range.upperBound, decimals))"
    }

    /// A coordinate or a length.
    static func place(_ value: Double) -> String { JSON.decimal(value, digits: 2) }
}
