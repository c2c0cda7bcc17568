// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension FloatGraph {
    /// The channels, along the last axis, of a value.
    private func channels(_ value: ValueID) -> Int {
        let shape = shape(of: value)
        return shape.extents[shape.rank - 1]
    }

    /// For each value and each of its channels the number that all its elements are, whatever the
    /// input; nil if they are not, or not known to be.
    var constantChannels: [[Float?]] {
        var result = values.indices.map {
            Array(repeating: Float?.none, count: channels(ValueID($0)))
        }
        for node in nodes {
            let x = result[node.inputs[0].index]
            let count = channels(node.output)
            switch node.operation {
            case .convolution(_, let weights, let bias), .dense(let weights, let bias):
                let columns = weights.count / bias.count
                result[node.output.index] = bias.indices.map { row in
                    weights[row * columns..<(row + 1) * columns].allSatisfy { $0 == 0 }
                        ? bias[row] : nil
                }
            case .depthwise(let window, let weights, let bias):
                result[node.output.index] = bias.indices.map { out in
                    let sum = (0..<window.taps).reduce(0.0) {
                        $0 + Double(weights[$1 * bias.count + out])
                    }
                    let isZero = (0..<window.taps).allSatisfy {
                        weights[$0 * bias.count + out] == 0
                    }
                    if isZero { return bias[out] }
                    guard let k = x[out * x.count / bias.count], k == 0 || !window.hasPadding
                    else { return nil }
                    return Float(Double(bias[out]) + Double(k) * sum)
                }
            case .clip(let lower, let upper):
                result[node.output.index] = x.map { $0.map { min(max($0, lower), upper) } }
            case .maxPool: result[node.output.index] = x
            case .averagePool:
                result[node.output.index] = x.map { k in
                    k == 0 || !node.operation.hasPadding ? k : nil
                }
            case .reshape where keepsChannels(node):
                result[node.output.index] = (0..<count).map { x[$0 % x.count] }
            default: break
            }
        }
        return result
    }

    /// For each value and each of its channels whether nobody reads it with a weight other than zero.
    var unreadChannels: [[Bool]] {
        var result = values.indices.map {
            Array(repeating: true, count: channels(ValueID($0)))
        }
        result[output.index] = Array(repeating: false, count: channels(output))
        for node in nodes.reversed() {
            let out = result[node.output.index]
            for input in node.inputs {
                let count = channels(input)
                var read = Array(repeating: false, count: count)
                switch node.operation {
                case .convolution(_, let weights, _), .dense(let weights, _):
                    for i in weights.indices where weights[i] != 0 { read[i % count] = true }
                case .depthwise:
                    for c in out.indices where !out[c] { read[c * count / out.count] = true }
                case .clip, .maxPool, .averagePool: read = out.map { !$0 }
                case .reshape where keepsChannels(node):
                    for c in out.indices where !out[c] { read[c % count] = true }
                default: read = Array(repeating: true, count: count)
                }
                for c in read.indices where read[c] { result[input.index][c] = false }
            }
        }
        return result
    }

    /// Whether a reshape leaves channels together: the last axis stays, or there is none else.
    private func keepsChannels(_ node: Node) -> Bool {
        let (before, after) = (channels(node.inputs[0]), channels(node.output))
        return after == before || after == shape(of: node.output).elements
    }
}

extension FloatOperator {
    var hasPadding: Bool {
        switch self {
        case .convolution(let window, _, _), .depthwise(let window, _, _),
            .maxPool(let window), .averagePool(let window):
            window.hasPadding
        default: false
        }
    }
}
