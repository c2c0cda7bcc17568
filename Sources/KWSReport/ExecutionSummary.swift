// SPDX-License-Identifier: Apache-2.0

package import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSFrontEnd
internal import KWSGraph
internal import KWSPasses

/// What a decision computes, and why.
package struct ExecutionSummary: Sendable {
    /// The layers that run once a row of features; none: the window is computed as a whole.
    package var streamed: [String]
    /// Why the layer behind them does not; of a window that was asked for, why it is one.
    package var reason: String
    /// Hops from one decision to the next; without a front end rows, of a window none.
    package var hops: Int
    /// Products and elements of pools a decision, of a whole window and as it is.
    package var windowOperations: Int
    package var operations: Int
    /// 0 without a front end.
    package var decisionsPerSecond: Double
    /// Streamed layers that go on from rows before the window.
    package var goingOn: [String]
    /// Recurrent layers that go on from the states of the last decision.
    package var stateful: [String]

    package init(_ compilation: Compilation) {
        let (model, rows) = (compilation.model, compilation.rows)
        let streaming = model.graph.streaming
        streamed = model.graph.layers.prefix(streaming?.layers ?? 0).map(\.name)
        let hops = model.detection?.inferenceHops ?? streaming?.hopRows ?? 0
        self.hops = hops
        windowOperations = rows.windowOperations
        operations = streaming == nil ? rows.windowOperations : rows.operations
        reason =
            streaming != nil || rows.streaming == nil
            ? rows.reason : "layers might keep rows; --execution rows has them do so"
        decisionsPerSecond =
            model.frontEnd.map {
                Double($0.sampleRate) / Double($0.hopSamples) / Double(max(1, hops))
            } ?? 0
        goingOn = model.graph.layers.prefix(streaming?.layers ?? 0)
            .filter { $0.operation.window?.isStateful == true }.map(\.name)
        stateful = model.graph.layers.filter {
            if case .recurrent(let layer) = $0.operation {
                layer.recurrence.isStateful
            } else {
                false
            }
        }.map(\.name)
    }

    /// One line.
    package var text: String {
        func going(_ names: [String], _ source: String) -> String {
            names.isEmpty
                ? ""
                : "; \(names.joined(separator: ", ")) \(names.count == 1 ? "goes" : "go") on from \(source)"
        }
        let states =
            going(goingOn, "rows before the window")
            + going(stateful, "the last decision's states")
        guard let first = streamed.first, let last = streamed.last else {
            return "the whole window" + (hops > 0 ? " every \(hops) hops" : "")
                + ": \(reason)\(states)"
        }
        return "\(first) ... \(last) once a row, the rest every \(hops) rows: \(reason)\(states)"
    }

    /// What it saves; nil where a window, or as much, is computed.
    package var saving: String? {
        guard operations < windowOperations else { return nil }
        let saved = Double(windowOperations - operations) * decisionsPerSecond / 1e6
        return "\(operations) products a decision instead of \(windowOperations)"
            + (decisionsPerSecond > 0
                ? ", \(JSON.decimal(saved, digits: 2)) million fewer a second of audio" : "")
    }

    var json: JSON {
        .object([
            ("mode", .string(streamed.isEmpty ? "window" : "rows")),
            ("streamed", .array(streamed.map { .string($0) })), ("reason", .string(reason)),
            ("going_on", .array(goingOn.map { .string($0) })),
            ("stateful", .array(stateful.map { .string($0) })), ("hops", .integer(hops)),
            ("operations", .integer(operations)),
            ("window_operations", .integer(windowOperations)),
            ("decisions_per_second", .number(decisionsPerSecond)),
        ])
    }
}
