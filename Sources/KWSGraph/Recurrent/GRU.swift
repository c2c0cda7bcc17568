// SPDX-License-Identifier: Apache-2.0

/// A layer of gated recurrent units (Cho et al. 2014).
///
///     z = sigmoid(Wz x + Uz h + bz)
///     r = sigmoid(Wr x + Ur h + br)
///     n = f(Wn x + Un (r * h) + bn)              reset before the product
///     n = f(Wn x + r * (Un h + un) + bn)         reset after the product
///     h' = (1 - z) * n + z * h
///
/// `h` is the output of the step before. Gates stand in the order z, r, n: ONNX's z, r, h with the
/// same formula, where "after" is `linear_before_reset = 1`. PyTorch has r, z, n and "after";
/// TensorFlow's cells have r, z and "before".
package struct GRU: Sendable {
    /// The function f of the candidate n.
    package enum Candidate: Hashable, Sendable {
        case tanh
        /// `min(max(x, 0), 20)` (Deep Speech 2, Amodei et al. 2016).
        case clippedReLU

        package static let ceiling: Float = 20
    }

    package var recurrence: Recurrence
    /// `[gate][unit][input]`.
    package var weights: [Float]
    /// `[gate][unit][unit]`.
    package var recurrentWeights: [Float]
    /// `[gate][unit]`; two biases of a file are added but for the candidate's with a reset after
    /// the product.
    package var bias: [Float]
    /// Whether the reset gate multiplies the candidate's recurrent product rather than its input.
    package var resetsAfter: Bool
    /// `un`, `[unit]`: only with a reset after the product.
    package var recurrentBias: [Float]?
    package var candidate: Candidate

    package static let gates = 3

    package init(
        _ recurrence: Recurrence, weights: [Float], recurrentWeights: [Float], bias: [Float],
        resetsAfter: Bool, recurrentBias: [Float]? = nil, candidate: Candidate = .tanh
    ) {
        self.recurrence = recurrence
        self.weights = weights
        self.recurrentWeights = recurrentWeights
        self.bias = bias
        self.resetsAfter = resetsAfter
        self.recurrentBias = recurrentBias
        self.candidate = candidate
    }

    /// Multiply-accumulates of a step, those of matrix products.
    package var stepMACs: Int { weights.count + recurrentWeights.count }

    func outputShape(_ x: Shape, node: String) throws(GraphError) -> Shape {
        let units = recurrence.units
        let shape = try recurrence.outputShape(x, outputs: units, node: node)
        try Recurrence.check(
            [
                ("weight", weights.count, Self.gates * units * recurrence.inputs),
                ("recurrent weight", recurrentWeights.count, Self.gates * units * units),
                ("bias", bias.count, Self.gates * units),
                ("recurrent bias", recurrentBias?.count, units),
            ], node: node)
        guard recurrentBias == nil || resetsAfter else {
            throw GraphError(
                node: node,
                fact: "a recurrent bias with the reset before the product; it belongs to the bias")
        }
        return shape
    }

    var parameters: [(kind: String, numbers: [Float])] {
        let always = [("weight", weights), ("recurrent weight", recurrentWeights), ("bias", bias)]
        return always + (recurrentBias.map { [("recurrent bias", $0)] } ?? [])
    }
}
