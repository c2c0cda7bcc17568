// SPDX-License-Identifier: Apache-2.0

/// A positive number with eight significant digits, the same on every platform and locale.
func decimal(_ number: Double) -> String {
    guard number.isFinite, number > 0 else { return "0" }
    var exponent = 0
    var mantissa = number
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let digits = String(Int((mantissa * 1e7).rounded()))
    let point = digits.index(after: digits.startIndex)
    let shown = "\(digits[..<point]).\(digits[point...])"
    return exponent == 0 ? shown : "\(shown)e\(exponent)"
}
