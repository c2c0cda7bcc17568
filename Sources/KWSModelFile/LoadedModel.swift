// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// A model file as the compiler takes it: the network, what it means, and where it came from.
package struct LoadedModel: Sendable {
    package var graph: FloatGraph
    /// The network as the file has it, whatever training or pruning make of `graph`.
    package let imported: FloatGraph
    package var description: ModelDescription
    /// CRC-32 of the model file, followed by its description file if there is one.
    package var sourceHash: UInt32
    /// What a user should know about the import, one sentence each.
    package var notes: [String]

    package init(
        graph: FloatGraph, description: ModelDescription, sourceHash: UInt32, notes: [String]
    ) {
        self.graph = graph
        imported = graph
        self.description = description
        self.sourceHash = sourceHash
        self.notes = notes
    }
}
