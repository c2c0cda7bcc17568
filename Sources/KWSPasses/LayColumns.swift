// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Lays the only column of a network over time along a row: there the outputs that follow each other
/// share what a kernel loads of the input, and of the weights. The elements stay where they are.
///
/// Networks are left alone if a tensor has two columns or a layer treats rows and columns
/// differently.
package struct LayColumns {
    package init() {}

    package func callAsFunction(_ graph: QuantGraph) -> QuantGraph {
        guard graph.tensors.allSatisfy({ $0.width == 1 }) else { return graph }
        var laid = graph
        for index in laid.tensors.indices {
            laid.tensors[index].width = graph.tensors[index].height
            laid.tensors[index].height = 1
        }
        for index in laid.layers.indices {
            guard let operation = laid.layers[index].operation.laid else { return graph }
            laid.layers[index].operation = operation
        }
        return laid
    }
}

extension QuantOperator {
    /// The same over rows instead of columns; nil if there is none, or more than a column of taps.
    fileprivate var laid: QuantOperator? {
        switch self {
        case .convolution(let window, let weights, let requantisation):
            window.laid.map { .convolution($0, weights: weights, requantisation) }
        case .depthwise(let window, let weights, let requantisation):
            window.laid.map { .depthwise($0, weights: weights, requantisation) }
        case .maxPool(let window):
            window.laid.map { .maxPool($0) }
        case .averagePool(let window, let requantisation):
            window.laid.map { .averagePool($0, requantisation) }
        case .pointwise, .dense, .mean, .add, .softmax: self
        case .place, .transpose, .view, .recurrent: nil
        }
    }
}

extension Window {
    fileprivate var laid: Window? {
        kernelWidth != 1 || left != 0 || right != 0
            ? nil
            : Window(
                kernel: (1, kernelHeight), stride: (strideWidth, strideHeight),
                padding: (top: 0, bottom: 0, left: top, right: bottom))
    }
}
