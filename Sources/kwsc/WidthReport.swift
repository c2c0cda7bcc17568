// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSRecipe
internal import KWSTrain

/// The widths that a rounded network was trained to, layer by layer, and their means.
func widthReport(_ run: TrainingRun) -> String {
    let widths = run.widths
    let learned = run.learnedWidths
    var text = "layer                     weights  bits  activations  bits\n"
    let outputs = Dictionary(
        widths.activations.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let weights = Dictionary(
        widths.weights.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    func column(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
    for row in widths.activations {
        let own = weights[row.name]
        text +=
            row.name + String(repeating: " ", count: max(1, 24 - row.name.count))
            + column(own.map { "\($0.count)" } ?? "", 9)
            + column(own.map { "\($0.storedBits)" } ?? "", 6)
            + column("\(row.count)", 13) + column("\(outputs[row.name]?.storedBits ?? 8)", 6)
            + "\n"
    }
    func means(_ name: String, _ rows: [WidthTable.Row], _ learned: [WidthTable.Row]?) -> String {
        func number(_ bits: Double) -> String { String(format: "%.3f", bits) }
        return "bits of \(name), mean over numbers: stored \(number(rows.meanStoredBits))"
            + (learned.map { ", learned \(number($0.meanBits))" } ?? "")
            + "; over layers: stored \(number(rows.plainMeanStoredBits))\n"
    }
    return text + means("weights", widths.weights, learned?.weights)
        + means("activations", widths.activations, learned?.activations)
}
