// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension TopologyReader {
    /// The layer's weights in the graph's axis order.
    ///
    /// - Parameter order: the wanted axes, one letter each: `ohwi`, `hwcm` or `oi`.
    mutating func weights(
        _ members: [String: JSONField], _ layer: JSONField, order: String
    ) throws(ModelFileError) -> WeightTensor {
        let field = try members.required("weights", of: layer)
        let axesField = try members.required("axes", of: layer)
        let tensor = try tensor(field)
        // A depthwise tensor may have its channels as one axis `o = c * multiplier + m`.
        let axes = Array(try axesField.string()).map { order == "hwcm" && $0 == "o" ? "c" : $0 }
        let wanted = Array(order)
        guard axes.count == tensor.shape.count else {
            throw axesField.error(
                "one letter for each axis of '\(tensor.name)', shape \(tensor.shape)")
        }
        var named: [Character: Int] = [:]
        for (axis, letter) in axes.enumerated() {
            if letter == "1", tensor.shape[axis] == 1 { continue }
            guard wanted.contains(letter), named.updateValue(axis, forKey: letter) == nil else {
                throw axesField.error(
                    "each of \(wanted.map { "'\($0)'" }.joined(separator: ", ")) once"
                        + (order == "hwcm" ? " ('o' for channel and multiplier in one)" : "")
                        + ", '1' for an axis of 1")
            }
        }
        for letter in wanted where named[letter] == nil {
            guard "hwm".contains(letter) else {
                throw axesField.error("an axis '\(letter)'")
            }
        }
        let rest = tensor.shape.indices.filter { !named.values.contains($0) }
        let ordered = tensor.transposed(wanted.compactMap { named[$0] } + rest)
        let shape = wanted.map { letter in named[letter].map { tensor.shape[$0] } ?? 1 }
        guard shape.allSatisfy({ $0 > 0 }) else {
            throw field.error("a tensor without empty axes", found: "shape \(tensor.shape)")
        }
        return WeightTensor(name: tensor.name, shape: shape, numbers: ordered.numbers)
    }

    /// The layer's bias, or zeros.
    mutating func bias(_ field: JSONField?, count: Int) throws(ModelFileError) -> [Float] {
        guard let field else { return Array(repeating: 0, count: count) }
        return try vector(field, count: count)
    }

    /// A tensor with one axis.
    mutating func vector(
        _ field: JSONField, count: Int? = nil
    ) throws(ModelFileError) -> [Float] {
        let tensor = try tensor(field)
        guard tensor.shape.count == 1, count == nil || tensor.numbers.count == count else {
            throw field.error(
                "a vector" + (count.map { " of \($0)" } ?? ""),
                found: "'\(tensor.name)' of shape \(tensor.shape)")
        }
        return tensor.numbers
    }

    /// `gamma` and `beta` may be missing: 1 and 0.
    mutating func batchNorm(
        _ parent: JSONField, _ members: [String: JSONField]
    ) throws(ModelFileError) -> FloatOperator {
        let mean = try vector(try members.required("mean", of: parent))
        let count = mean.count
        let variance = try vector(try members.required("variance", of: parent), count: count)
        let epsilon = try members.required("epsilon", of: parent).number(1e-12...1)
        guard variance.allSatisfy({ $0 >= 0 }) else {
            throw parent.error("variances of 0 or more", found: "a negative variance")
        }
        var gamma = Array(repeating: Float(1), count: count)
        if let field = members["gamma"] { gamma = try vector(field, count: count) }
        let beta = try bias(members["beta"], count: count)
        return .batchNorm(
            BatchNorm(
                gamma: gamma, beta: beta, mean: mean, variance: variance,
                epsilon: Float(epsilon)))
    }

    /// Two numbers, height before width.
    func pair(_ field: JSONField) throws(ModelFileError) -> (Int, Int) {
        let items = try field.array(2...2)
        let range = 1...ModelFileLimits.windowExtent
        return (try items[0].integer(range), try items[1].integer(range))
    }

    func window(
        _ members: [String: JSONField], _ name: String, _ image: Shape, kernel: (Int, Int)
    ) throws(ModelFileError) -> Window {
        var stride = (1, 1)
        if let field = members["stride"] { stride = try pair(field) }
        var vertical = Padding.valid
        var horizontal = Padding.valid
        if let field = members["padding"] {
            if case .array = field.value.content {
                var zeros: [Int] = []
                for item in try field.array(4...4) {
                    zeros.append(try item.integer(0...ModelFileLimits.windowExtent))
                }
                vertical = .explicit(before: zeros[0], after: zeros[1])
                horizontal = .explicit(before: zeros[2], after: zeros[3])
            } else if case .string(let word) = field.value.content,
                ["same", "valid"].contains(word)
            {
                (vertical, horizontal) = word == "same" ? (.same, .same) : (.valid, .valid)
            } else {
                throw field.error("\"same\", \"valid\" or [top, bottom, left, right]")
            }
        }
        return try builder.window(
            node: name, image: image, kernel: kernel, stride: stride, vertical: vertical,
            horizontal: horizontal)
    }

    /// The clip of an activation, nil for "none".
    func activation(_ field: JSONField) throws(ModelFileError) -> FloatOperator? {
        if case .array = field.value.content {
            let bounds = try field.array(2...2)
            let lower = try bounds[0].number(-1e30...1e30)
            return .clip(lower: Float(lower), upper: Float(try bounds[1].number(lower...1e30)))
        }
        guard case .string(let word) = field.value.content else {
            throw field.error("\"none\", \"relu\", \"relu6\" or [lower, upper]")
        }
        switch word {
        case "none": return nil
        case "relu": return .clip(lower: 0, upper: .infinity)
        case "relu6": return .clip(lower: 0, upper: 6)
        default: throw field.error("\"none\", \"relu\", \"relu6\" or [lower, upper]")
        }
    }
}
