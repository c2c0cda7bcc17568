// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// What a compile tells about its result: plain values, of which `report.html` and `report.json` are
/// two ways of writing the same facts.
///
/// Parts that a compile did not make are nil or empty, and their section is left out.
///
/// A step of the compiler takes part like this. It keeps its result in a type of its own, in its own
/// module, as a property of `Compilation`. An extension in this folder turns that into a `Step`, which
/// `Report.init(_:calibration:)` puts in its place among `steps`; what it found of a layer goes to
/// that `Layer` (`storage`, for example). A step that changes the float network hands it over as
/// `network`: `kwsc compile --evaluate` then measures it, too.
package struct Report: Sendable {
    package var model: String
    /// CRC-32 of the model file.
    package var sourceChecksum: UInt32
    /// Whose kernels the model is packed for.
    package var variant: String
    package var labels: [String]
    /// Objects of the library that the model calls.
    package var kernels: [String]
    /// The recordings that ranges come from; nil: synthetic sounds.
    package var calibration: String?
    /// Multiply-accumulates of an inference.
    package var macs: Int
    package var execution: ExecutionSummary
    package var sizes: Sizes
    /// In the order in which they were made.
    package var steps: [Step]
    /// In execution order.
    package var layers: [Layer]
    /// On labelled recordings, if some were given.
    package var accuracy: Accuracy?
    package var sensitivity: Sensitivity?
    /// What the memory plan is of.
    package var graph: QuantGraph
    package var plan: MemoryPlan

    /// Bytes of the whole.
    package struct Sizes: Sendable {
        /// Weights and per-channel data.
        package var tables: Int
        package var frontEndTables: Int
        /// The whole model.
        package var block: Int
        /// Activations, scratch and input of the network.
        package var arena: Int
        /// The most of them that live at once.
        package var arenaLowerBound: Int
        /// What the generated size adds to `KWS_INSTANCE_BYTES`, and parts of it.
        package var instance: Int
        package var pcmRing: Int
        package var features: Int
        package var detector: Int
    }
}

extension Report {
    package var weights: Int { layers.reduce(0) { $0 + ($1.weights?.count ?? 0) } }

    package var floatBytes: Int { layers.reduce(0) { $0 + ($1.weights?.floatBytes ?? 0) } }

    /// The mean over all weights.
    package var bitsPerWeight: Double {
        let bits = layers.reduce(0) { $0 + ($1.weights.map { $0.count * $0.bits } ?? 0) }
        return weights > 0 ? Double(bits) / Double(weights) : 8
    }

    /// The mean over the elements of all hidden tensors.
    package var bitsPerActivation: Double {
        let hidden = graph.tensors.dropFirst().dropLast()
        let elements = hidden.reduce(0) { $0 + $1.elements }
        let bits = hidden.reduce(0) { $0 + $1.elements * $1.bits }
        return elements > 0 ? Double(bits) / Double(elements) : 8
    }

    /// The share of weights that are zero.
    package var sparsity: Double {
        let zeros = layers.reduce(0) { $0 + ($1.weights?.zeros ?? 0) }
        return weights > 0 ? Double(zeros) / Double(weights) : 0
    }
}
