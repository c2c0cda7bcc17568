// SPDX-License-Identifier: Apache-2.0

/// A value of a graph: an index into its `values`.
package struct ValueID: Hashable, Sendable {
    package let index: Int

    package init(_ index: Int) {
        self.index = index
    }
}

/// A trained network as the importers deliver it: one input, one output, nodes in execution order.
package struct FloatGraph: Sendable {
    package struct Value: Sendable {
        package var name: String
        package var shape: Shape

        package init(name: String, shape: Shape) {
            self.name = name
            self.shape = shape
        }
    }

    package struct Node: Sendable {
        package var name: String
        package var operation: FloatOperator
        package var inputs: [ValueID]
        package var output: ValueID

        package init(
            name: String, operation: FloatOperator, inputs: [ValueID], output: ValueID
        ) {
            self.name = name
            self.operation = operation
            self.inputs = inputs
            self.output = output
        }
    }

    package var name: String
    package var values: [Value]
    package var nodes: [Node]
    package var input: ValueID
    package var output: ValueID

    /// A graph without nodes, whose output is its input.
    package init(name: String, inputName: String = "input", inputShape: Shape) {
        self.name = name
        values = [Value(name: inputName, shape: inputShape)]
        nodes = []
        input = ValueID(0)
        output = ValueID(0)
    }

    package func shape(of value: ValueID) -> Shape { values[value.index].shape }

    /// Whether a layer goes on from states or rows of the last decision.
    package var isStateful: Bool {
        nodes.contains {
            $0.operation.recurrence?.isStateful == true || $0.operation.window?.isStateful == true
        }
    }

    /// The network whose recurrent layers go on from the last decision's states, and layers that pad
    /// only above from its rows; the same if there are none.
    package var stateful: FloatGraph {
        var result = self
        for index in nodes.indices {
            result.nodes[index].operation = nodes[index].operation.stateful
        }
        return result
    }

    /// Adds a node behind all others, infers its output's shape, makes that the graph's output and
    /// returns it.
    ///
    /// - Throws: `GraphError` naming the node if its inputs, window or weights do not fit together.
    @discardableResult
    package mutating func append(
        _ operation: FloatOperator, name: String, inputs: [ValueID]
    ) throws(GraphError) -> ValueID {
        let shape = try operation.outputShape(inputs.map { self.shape(of: $0) }, node: name)
        let id = ValueID(values.count)
        values.append(Value(name: name, shape: shape))
        nodes.append(Node(name: name, operation: operation, inputs: inputs, output: id))
        output = id
        return id
    }
}
