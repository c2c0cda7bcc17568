// SPDX-License-Identifier: Apache-2.0

extension FloatGraph {
    /// The nodes that read a value, in execution order.
    package func consumers(of value: ValueID) -> [Int] {
        nodes.indices.filter { nodes[$0].inputs.contains(value) }
    }

    /// The node that writes a value; nil for the graph's input.
    package func producer(of value: ValueID) -> Int? {
        nodes.firstIndex { $0.output == value }
    }

    /// Whether `node` is the only reader of `value`, and the graph's caller does not see it.
    package func isPrivate(_ value: ValueID, to node: Int) -> Bool {
        value != output && consumers(of: value) == [node]
    }

    /// Makes every reader of `old`, the graph's caller included, read `new` instead.
    package mutating func replaceUses(of old: ValueID, with new: ValueID) {
        for index in nodes.indices {
            nodes[index].inputs = nodes[index].inputs.map { $0 == old ? new : $0 }
        }
        if output == old {
            output = new
        }
    }

    /// Removes a node with one input by letting its readers read that input.
    package mutating func bypass(_ node: Int) {
        replaceUses(of: nodes[node].output, with: nodes[node].inputs[0])
        nodes.remove(at: node)
    }
}
