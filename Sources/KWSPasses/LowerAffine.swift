// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Turns every affine node that is left (one that follows no linear operator) into a 1x1 depthwise
/// convolution, for which there is a kernel.
package struct LowerAffine: Pass {
    package let name = "LowerAffine"

    package init() {}

    package func run(_ graph: inout FloatGraph) throws(GraphError) {
        var index = 0
        while index < graph.nodes.count {
            let node = graph.nodes[index]
            guard case .affine(let scale, let offset) = node.operation else {
                index += 1
                continue
            }
            let shape = graph.shape(of: node.inputs[0])
            let depthwise = FloatOperator.depthwise(
                Window(kernel: (1, 1)), weights: scale, bias: offset)
            if shape.rank == 3 {
                graph.nodes[index].operation = depthwise
                index += 1
                continue
            }
            let (h, w, c) = shape.image
            let image = graph.addValue(name: node.name + ".image", shape: [h, w, c])
            let scaled = graph.addValue(name: node.name + ".scaled", shape: [h, w, c])
            graph.nodes.replaceSubrange(
                index...index,
                with: [
                    .init(
                        name: node.name + ".image", operation: .reshape([h, w, c]),
                        inputs: node.inputs, output: image),
                    .init(
                        name: node.name, operation: depthwise, inputs: [image], output: scaled),
                    .init(
                        name: node.name + ".shape", operation: .reshape(shape), inputs: [scaled],
                        output: node.output),
                ])
            index += 3
        }
    }
}

extension FloatGraph {
    /// Adds a value that some node is going to write.
    mutating func addValue(name: String, shape: Shape) -> ValueID {
        values.append(Value(name: name, shape: shape))
        return ValueID(values.count - 1)
    }
}
