// SPDX-License-Identifier: Apache-2.0

package import KWSFrontEnd
package import KWSGraph

/// A compiled model beside the float model that it stands for.
package struct EvaluatedModel: Sendable {
    package var name: String
    /// The model block.
    package var block: [UInt8]
    /// The same without lock-out, so that with threshold 0 every decision is an event.
    package var openBlock: [UInt8]
    package var graph: FloatGraph
    package var frontEnd: FrontEndDefinition
    /// How the network's input bytes stands for features.
    package var input: InputQuantisation

    package init(
        name: String, block: [UInt8], openBlock: [UInt8], graph: FloatGraph,
        frontEnd: FrontEndDefinition,
        input: InputQuantisation
    ) {
        self.name = name
        self.block = block
        self.openBlock = openBlock
        self.graph = graph
        self.frontEnd = frontEnd
        self.input = input
    }
}
