// SPDX-License-Identifier: Apache-2.0

/// An activation of the integer graph: an index into its `tensors`.
package struct TensorID: Hashable, Sendable {
    package let index: Int

    package init(_ index: Int) {
        self.index = index
    }
}

/// The network in integers, as SPEC.md section 4 defines them: what the planner places in memory
/// and the emitter writes down.
package struct QuantGraph: Sendable {
    package struct Tensor: Sendable {
        package var name: String
        package var height: Int
        package var width: Int
        package var channels: Int
        package var quantisation: Quantisation
        /// The float value that this tensor stands for, for reports and comparisons.
        package var value: ValueID

        package init(
            name: String, shape: Shape, quantisation: Quantisation, value: ValueID
        ) {
            self.name = name
            (height, width, channels) = shape.image
            self.quantisation = quantisation
            self.value = value
        }

        package var elements: Int { height * width * channels }
        /// 8, 4 or 2.
        package var bits: Int { quantisation.bits }
        /// A pixel is filled up to whole bytes (SPEC.md section 2).
        package var pixelBytes: Int { (channels * bits + 7) / 8 }
        package var rowBytes: Int { width * pixelBytes }
        package var bytes: Int { height * rowBytes }
        /// Whether pixels end where bytes do.
        package var isUnfilled: Bool { channels * bits % 8 == 0 }
    }

    package struct Layer: Sendable {
        package var name: String
        package var operation: QuantOperator
        package var inputs: [TensorID]
        package var output: TensorID
        /// Of its weights: 8, 4, 3 or 2.
        package var weightBits: Int
        /// Gaps only in DENSE, POINTWISE and recurrent layers, blocks only in the first two.
        package var storage = WeightStorage.dense

        package init(
            name: String, operation: QuantOperator, inputs: [TensorID], output: TensorID,
            weightBits: Int = 8
        ) {
            self.name = name
            self.operation = operation
            self.inputs = inputs
            self.output = output
            self.weightBits = weightBits
        }
    }

    package var name: String
    /// Tensor 0 is the input.
    package var tensors: [Tensor]
    /// In execution order; the last one writes the scores.
    package var layers: [Layer]
    /// nil: each decision computes the whole window.
    package var streaming: Streaming?

    package init(name: String, tensors: [Tensor], layers: [Layer]) {
        self.name = name
        self.tensors = tensors
        self.layers = layers
    }

    package var input: Tensor { tensors[0] }
    package var output: Tensor { layers.last.map { tensors[$0.output.index] } ?? tensors[0] }
}
