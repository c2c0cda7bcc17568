// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension TopologyReader {
    static let recurrentKeys = [
        "weights", "axes", "recurrentWeights", "gates", "bias", "recurrentBias", "direction",
        "sequence",
    ]

    /// A layer `lstm` or `gru` on an input of a shape.
    mutating func recurrent(
        _ kind: String, _ layer: JSONField, _ members: [String: JSONField], _ shape: Shape
    ) throws(ModelFileError) -> FloatOperator {
        guard shape.rank == 3 else {
            throw layer.error("an input [time, width, channels]", found: "an input \(shape)")
        }
        let letters = kind == "lstm" ? "ifgo" : "zrn"
        let order = try gates(members["gates"], letters)
        let field = try members.required("weights", of: layer)
        let axes = try members.required("axes", of: layer).choice(["oi", "io"])
        var weights = try rows(field, axes)
        let inputs = shape.elements / shape.image.height
        var projection: WeightTensor?
        if let field = members["projection"] { projection = try rows(field, axes) }
        var recurrent = weights
        if let field = members["recurrentWeights"] {
            recurrent = try rows(field, axes)
        } else {
            // One matrix for inputs and, behind them, the state.
            guard weights.shape[1] > inputs else {
                throw field.error(
                    "weights of \(inputs) inputs and the state, or \"recurrentWeights\"",
                    found: "\(weights.shape[1]) inputs")
            }
            recurrent = columns(weights, inputs..<weights.shape[1])
            weights = columns(weights, 0..<inputs)
        }
        let count = weights.shape[0]
        let units = count / letters.count
        let state = projection?.shape[0] ?? units
        guard units > 0, count == units * letters.count, recurrent.shape == [count, state] else {
            throw field.error(
                "\(letters.count) gates of as many units each, and a state of \(state)",
                found: "weights \(weights.shape), recurrent \(recurrent.shape)")
        }
        let form = Recurrence(
            inputs: inputs, units: units,
            isBackward: try members["direction"]?.choice(["forward", "backward"]) == "backward",
            returnsSequence: try members["sequence"]?.bool() ?? true)
        var bias = Array(repeating: Float(0), count: count)
        if let field = members["bias"] { bias = try joined(field, count) }
        var second: [Float]?
        if let field = members["recurrentBias"] { second = try joined(field, count) }
        func ordered(_ numbers: [Float]) -> [Float] {
            let block = numbers.count / order.count
            return order.flatMap { numbers[$0 * block..<($0 + 1) * block] }
        }
        (bias, second) = (ordered(bias), second.map(ordered))
        if kind == "lstm" {
            bias = second.map { zip(bias, $0).map(+) } ?? bias
            if let field = members["forgetBias"] {
                let forget = Float(try field.number(-100...100))
                for unit in units..<2 * units { bias[unit] += forget }
            }
            return .lstm(
                LSTM(
                    form, weights: ordered(weights.numbers),
                    recurrentWeights: ordered(recurrent.numbers), bias: bias,
                    peepholes: try members["peepholes"].map { field throws(ModelFileError) in
                        try joined(field, 3 * units)
                    }, projection: projection?.numbers))
        }
        let resetsAfter =
            try members.required("reset", of: layer).choice(["before", "after"]) == "after"
        let candidate = try members["candidate"]?.choice(["tanh", "clippedReLU"]) ?? "tanh"
        let merged = resetsAfter ? 2 * units : count
        for i in 0..<(second == nil ? 0 : merged) { bias[i] += second?[i] ?? 0 }
        return .gru(
            GRU(
                form, weights: ordered(weights.numbers),
                recurrentWeights: ordered(recurrent.numbers), bias: bias, resetsAfter: resetsAfter,
                recurrentBias: resetsAfter ? second.map { Array($0[merged...]) } : nil,
                candidate: candidate == "tanh" ? .tanh : .clippedReLU))
    }

    /// Where each of our gates stands in the file's order.
    private func gates(
        _ field: JSONField?, _ letters: String
    ) throws(ModelFileError) -> [Int] {
        guard let field else { return Array(0..<letters.count) }
        let order = Array(try field.string())
        guard order.sorted() == letters.sorted() else {
            throw field.error("the letters of \"\(letters)\" in the file's order")
        }
        return letters.map { order.firstIndex(of: $0) ?? 0 }
    }

    /// A matrix, or several behind one another along the outputs, as `[out][in]`.
    private mutating func rows(
        _ field: JSONField, _ axes: String
    ) throws(ModelFileError) -> WeightTensor {
        var result: WeightTensor?
        for name in try names(field) {
            var tensor = try tensor(name)
            guard tensor.shape.count == 2, tensor.shape.allSatisfy({ $0 > 0 }) else {
                throw name.error("a matrix", found: "'\(tensor.name)' of shape \(tensor.shape)")
            }
            if axes == "io" { tensor = tensor.transposed([1, 0]) }
            guard let before = result else {
                result = tensor
                continue
            }
            guard before.shape[1] == tensor.shape[1] else {
                throw name.error("\(before.shape[1]) inputs", found: "\(tensor.shape[1])")
            }
            result = WeightTensor(
                name: before.name, shape: [before.shape[0] + tensor.shape[0], tensor.shape[1]],
                numbers: before.numbers + tensor.numbers)
        }
        guard let result else { throw field.error("a tensor's name") }
        return result
    }

    /// A vector, or several behind one another.
    private mutating func joined(_ field: JSONField, _ count: Int) throws(ModelFileError) -> [Float]
    {
        var numbers: [Float] = []
        for name in try names(field) { numbers += try vector(name) }
        guard numbers.count == count else {
            throw field.error("\(count) numbers", found: "\(numbers.count)")
        }
        return numbers
    }

    private func names(_ field: JSONField) throws(ModelFileError) -> [JSONField] {
        if case .array = field.value.content { return try field.array(1...4) }
        return [field]
    }

    private func columns(_ matrix: WeightTensor, _ range: Range<Int>) -> WeightTensor {
        let width = matrix.shape[1]
        return WeightTensor(
            name: matrix.name, shape: [matrix.shape[0], range.count],
            numbers: (0..<matrix.shape[0]).flatMap { row in
                matrix.numbers[row * width + range.lowerBound..<row * width + range.upperBound]
            })
    }
}
