// SPDX-License-Identifier: Apache-2.0

/// A layer of long short-term memory (Hochreiter and Schmidhuber 1997), with peep-holes (Gers et al.
/// 2002) and a recurrent projection (Sak et al. 2014) as options.
///
///     i = sigmoid(Wi x + Ri r + pi * c + bi)
///     f = sigmoid(Wf x + Rf r + pf * c + bf)
///     g = tanh(Wg x + Rg r + bg)
///     c' = f * c + i * g
///     o = sigmoid(Wo x + Ro r + po * c' + bo)
///     r' = P (o * tanh(c'))
///
/// `r` is the output of the step before, `c` its cells; without a projection P is the identity.
/// Gates stand in the order i, f, g, o, as PyTorch has them. ONNX has i, o, f, c (its c is our g),
/// and peep-holes i, o, f; TensorFlow's cells have i, g, f, o.
package struct LSTM: Sendable {
    package var recurrence: Recurrence
    /// `[gate][unit][input]`.
    package var weights: [Float]
    /// `[gate][unit][output]`.
    package var recurrentWeights: [Float]
    /// `[gate][unit]`; two biases of a file are added.
    package var bias: [Float]
    /// `[i, f, o][unit]`.
    package var peepholes: [Float]?
    /// `[output][unit]`.
    package var projection: [Float]?

    package static let gates = 4

    package init(
        _ recurrence: Recurrence, weights: [Float], recurrentWeights: [Float], bias: [Float],
        peepholes: [Float]? = nil, projection: [Float]? = nil
    ) {
        self.recurrence = recurrence
        self.weights = weights
        self.recurrentWeights = recurrentWeights
        self.bias = bias
        self.peepholes = peepholes
        self.projection = projection
    }

    /// Numbers of a step of the output.
    package var outputs: Int {
        projection.map { $0.count / max(1, recurrence.units) } ?? recurrence.units
    }

    /// Multiply-accumulates of a step, those of matrix products.
    package var stepMACs: Int {
        weights.count + recurrentWeights.count + (projection?.count ?? 0)
    }

    func outputShape(_ x: Shape, node: String) throws(GraphError) -> Shape {
        let units = recurrence.units
        let shape = try recurrence.outputShape(x, outputs: outputs, node: node)
        try Recurrence.check(
            [
                ("weight", weights.count, Self.gates * units * recurrence.inputs),
                ("projection", projection?.count, outputs * units),
                ("recurrent weight", recurrentWeights.count, Self.gates * units * outputs),
                ("bias", bias.count, Self.gates * units),
                ("peephole", peepholes?.count, 3 * units),
            ], node: node)
        return shape
    }

    var parameters: [(kind: String, numbers: [Float])] {
        let all: [(String, [Float]?)] = [
            ("weight", weights), ("recurrent weight", recurrentWeights), ("bias", bias),
            ("peephole", peepholes), ("projection", projection),
        ]
        return all.compactMap { kind, numbers in numbers.map { (kind, $0) } }
    }
}
