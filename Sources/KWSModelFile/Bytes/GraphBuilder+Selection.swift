// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension GraphBuilder {
    /// Adds what computes index `index` of the middle axis of a value read as
    /// `[outer][extent][inner]`.
    ///
    /// A part of a concatenation is that part, the last step of a recurrent layer its last state.
    /// What else there is, a depthwise layer picks out, with one weight of 1.
    mutating func selected(
        _ id: ValueID, _ index: Int, of extent: Int, outer: Int, inner: Int, name: String
    ) throws(ModelFileError) -> ValueID {
        guard extent > 1 else { return id }
        // Below views of the same numbers.
        var producer = graph.nodes.first { $0.output == id }
        while let node = producer, node.operation.isView(inputs: node.inputs.count) {
            producer = graph.nodes.first { $0.output == node.inputs[0] }
        }
        if let node = producer {
            switch node.operation {
            case .concatenate(let axis):
                let shape = shape(of: node.output).extents
                if shape[..<axis].reduce(1, *) == outer {
                    let run = shape[(axis + 1)...].reduce(1, *)
                    if let (part, first, count) = part(
                        node, axis, holding: index * inner, of: inner, run: run)
                    {
                        return try selected(
                            part, index - first, of: count, outer: outer, inner: inner, name: name)
                    }
                } else if outer == 1, shape[0] == extent, axis > 0,
                    shape[1..<axis].allSatisfy({ $0 == 1 })
                {
                    // Of each part, and again one behind the other.
                    var parts: [ValueID] = []
                    for part in node.inputs {
                        let count = self.shape(of: part).elements / extent
                        let row = try selected(
                            part, index, of: extent, outer: 1, inner: count, name: name)
                        parts.append(try shaped(row, [1, 1, count], name: name))
                    }
                    return try append(.concatenate(axis: 2), name: name, inputs: parts)
                }
            case .lstm(var lstm)
            where outer == 1 && inner == lstm.outputs && lstm.recurrence.isLast(index, of: extent):
                lstm.recurrence.returnsSequence = false
                return try append(.lstm(lstm), name: node.name, inputs: node.inputs)
            case .gru(var gru)
            where outer == 1 && inner == gru.recurrence.units
                && gru.recurrence.isLast(index, of: extent):
                gru.recurrence.returnsSequence = false
                return try append(.gru(gru), name: node.name, inputs: node.inputs)
            default: break
            }
        }
        let isRow = outer == 1
        let image = try shaped(
            id, isRow ? [extent, 1, inner] : [outer, extent, inner], name: name)
        var weights = Array(repeating: Float(0), count: extent * inner)
        for i in index * inner..<(index + 1) * inner { weights[i] = 1 }
        return try append(
            .depthwise(
                Window(kernel: isRow ? (extent, 1) : (1, extent)), weights: weights,
                bias: Array(repeating: 0, count: inner)), name: name, image)
    }

    /// The input of a concatenation that element `position` of each of its runs comes from, the
    /// index of its first block of `block` elements and how many it has; nil where parts do not
    /// consist of such blocks.
    private func part(
        _ node: FloatGraph.Node, _ axis: Int, holding position: Int, of block: Int, run: Int
    ) -> (part: ValueID, first: Int, count: Int)? {
        var start = 0
        for part in node.inputs {
            let length = shape(of: part).extents[axis] * run
            guard start % block == 0, length % block == 0 else { return nil }
            if position < start + length { return (part, start / block, length / block) }
            start += length
        }
        return nil
    }

    private mutating func shaped(
        _ id: ValueID, _ shape: Shape, name: String
    ) throws(ModelFileError) -> ValueID {
        guard self.shape(of: id) != shape else { return id }
        return try append(.reshape(shape), name: "\(name)/reshape", id)
    }
}

extension FloatOperator {
    /// Whether the output has the numbers of the first input in their order.
    fileprivate func isView(inputs: Int) -> Bool {
        switch self {
        case .reshape: true
        case .concatenate: inputs == 1
        default: false
        }
    }
}

extension Recurrence {
    /// Whether a row of the output is the last state.
    fileprivate func isLast(_ row: Int, of steps: Int) -> Bool {
        returnsSequence && row == (isBackward ? 0 : steps - 1)
    }
}
