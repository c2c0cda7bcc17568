// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Removes nodes whose output nobody reads.
package struct RemoveDeadNodes: Pass {
    package let name = "RemoveDeadNodes"

    package init() {}

    package func run(_ graph: inout FloatGraph) throws(GraphError) {
        var live = Set([graph.output])
        var kept: [FloatGraph.Node] = []
        for node in graph.nodes.reversed() where live.contains(node.output) {
            live.formUnion(node.inputs)
            kept.append(node)
        }
        graph.nodes = kept.reversed()
    }
}
