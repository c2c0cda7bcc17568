// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension QuantGraph {
    /// Numbers of the output, each of a softmax's once.
    package var classCount: Int {
        guard let last = layers.last, case .softmax = last.operation else { return output.elements }
        return tensors[last.inputs[0].index].elements
    }
}
