// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension RandomGraphs {
    /// One to three recurrent layers of every kind over an image, the last of them a sequence or a
    /// last state, then a dense layer and a softmax.
    package mutating func recurrent() throws -> FloatGraph {
        var graph = FloatGraph(
            name: "recurrent", inputShape: [integer(3...9), integer(1...5), integer(1...3)])
        var value = graph.input
        let count = integer(1...3)
        for layer in 0..<count {
            let (_, width, channels) = graph.shape(of: value).image
            let form = Recurrence(
                inputs: width * channels, units: integer(1...9), isBackward: integer(0...1) == 0,
                returnsSequence: layer + 1 < count || integer(0...1) == 0)
            value = try graph.append(
                integer(0...1) == 0 ? .lstm(lstm(form)) : .gru(gru(form)), name: "r\(layer)",
                inputs: [value])
        }
        if graph.shape(of: value).rank == 3 {
            value = try graph.append(
                .reshape([graph.shape(of: value).elements]), name: "flat", inputs: [value])
        }
        let logits = try graph.append(
            .dense(
                weights: numbers(3 * graph.shape(of: value).elements), bias: numbers(3)),
            name: "fc", inputs: [value])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        return graph
    }

    /// Weights of rows so long: sums of about one.
    private mutating func rows(_ count: Int, of length: Int) -> [Float] {
        let size = 2 / Float(length).squareRoot()
        return numbers(count * length, -size...size)
    }

    private mutating func lstm(_ form: Recurrence) -> LSTM {
        let outputs = integer(0...1) == 0 ? form.units : integer(1...6)
        let projects = outputs != form.units
        return LSTM(
            form, weights: rows(4 * form.units, of: form.inputs),
            recurrentWeights: rows(4 * form.units, of: outputs), bias: numbers(4 * form.units),
            peepholes: integer(0...1) == 0 ? numbers(3 * form.units) : nil,
            projection: projects ? rows(outputs, of: form.units) : nil)
    }

    private mutating func gru(_ form: Recurrence) -> GRU {
        let resetsAfter = integer(0...1) == 0
        return GRU(
            form, weights: rows(3 * form.units, of: form.inputs),
            recurrentWeights: rows(3 * form.units, of: form.units), bias: numbers(3 * form.units),
            resetsAfter: resetsAfter,
            recurrentBias: resetsAfter && integer(0...1) == 0 ? numbers(form.units) : nil,
            candidate: integer(0...1) == 0 ? .tanh : .clippedReLU)
    }
}
