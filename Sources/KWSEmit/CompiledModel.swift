// SPDX-License-Identifier: Apache-2.0

package import KWSFrontEnd
package import KWSGraph

/// Everything that the emitter writes down: the network in integers, where its activations lie, and
/// how audio becomes its input and its output an event.
package struct CompiledModel: Sendable {
    package var graph: QuantGraph
    package var plan: MemoryPlan
    /// Whose weights the block holds, and for whose scratch there is room.
    package var variant: KernelVariant
    package var labels: [String]
    /// nil: the model takes features.
    package var frontEnd: FrontEndTables?
    /// Present exactly if `frontEnd` is.
    package var detection: Detection?
    /// CRC-32 of the model file.
    package var sourceHash: UInt32

    package init(
        graph: QuantGraph, plan: MemoryPlan, variant: KernelVariant = .portable, labels: [String],
        frontEnd: FrontEndTables?, detection: Detection?, sourceHash: UInt32
    ) {
        self.graph = graph
        self.plan = plan
        self.variant = variant
        self.labels = labels
        self.frontEnd = frontEnd
        self.detection = detection
        self.sourceHash = sourceHash
    }

    package var name: String { graph.name }
}
