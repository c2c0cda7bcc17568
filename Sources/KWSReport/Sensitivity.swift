// SPDX-License-Identifier: Apache-2.0

package import KWSCompile
internal import KWSPasses

/// What each layer's weights cost in fidelity if they alone are narrowed.
package struct Sensitivity: Sendable {
    /// What `loss` is, as a sentence, with the inputs that it was measured on.
    package var measure: String
    package var layers: [Curve]

    package struct Curve: Sendable {
        package var layer: String
        /// Widest first.
        package var points: [(bits: Int, loss: Double)]

        package init(layer: String, points: [(bits: Int, loss: Double)]) {
            self.layer = layer
            self.points = points
        }
    }

    package init(measure: String, layers: [Curve]) {
        self.measure = measure
        self.layers = layers
    }
}

extension Sensitivity {
    /// Inputs that are enough to see which layers bear fewer bits.
    private static let enough = 16

    /// Measures each layer of a compiled network on a few of the inputs that it was compiled with.
    ///
    /// - Returns: nil if there were none.
    package init?(_ compilation: Compilation) {
        let all = compilation.features
        guard !all.isEmpty else { return nil }
        let count = min(Sensitivity.enough, all.count)
        let search = WidthSearch(
            compilation.floatGraph,
            inputs: (0..<count).map { all[$0 * all.count / count] })
        self.init(
            measure:
                "the mean over \(count) inputs of \u{2211} (p \u{2212} q)\u{B2} / (p + q), "
                + "for scores p of the float network and q with that layer rounded",
            layers: search.layers.map { layer in
                Curve(
                    layer: layer.name,
                    points: zip(Widths.weightBits, layer.divergence).map { ($0, $1) })
            })
    }
}
