// SPDX-License-Identifier: Apache-2.0

/// How a network runs that keeps rows from one decision to the next (SPEC.md 4.5).
package struct Streaming: Hashable, Sendable {
    /// The first layers, each of which makes one row when its window has come; the others run once a
    /// decision.
    package var layers: Int
    /// Rows of features from one decision to the next.
    package var hopRows: Int

    package init(layers: Int, hopRows: Int) {
        self.layers = layers
        self.hopRows = hopRows
    }

    /// New rows a decision brings to the network's input, then to what each streamed layer makes, which
    /// is the tensor of the next number.
    package func newRows(_ graph: QuantGraph) -> [Int] {
        graph.layers.prefix(layers).reduce(into: [hopRows]) { rows, layer in
            rows.append(
                rows[layer.inputs[0].index] / (layer.operation.window?.strideHeight ?? 1))
        }
    }
}
