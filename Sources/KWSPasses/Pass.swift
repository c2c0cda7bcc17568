// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// One rewrite of the float graph that keeps its meaning.
package protocol Pass: Sendable {
    var name: String { get }
    func run(_ graph: inout FloatGraph) throws(GraphError)
}

/// The passes that every compile runs, in order.
package let standardPasses: [any Pass] = [
    RemoveDeadNodes(), FoldBatchNorm(), LowerAffine(), SimplifyLayout(), HoistClip(),
    SimplifyLayout(), RemoveDeadUnits(), RemoveDeadNodes(), CentreLogits(),
]

/// Runs passes in order and verifies the graph after each.
///
/// - Parameter observe: sees the graph after each pass, for `--dump-after`.
/// - Throws: `GraphError`; one whose place names the pass if a pass broke the graph.
package func run(
    _ passes: [any Pass], on graph: inout FloatGraph,
    observe: (String, FloatGraph) -> Void = { _, _ in }
) throws(GraphError) {
    try graph.verify()
    for pass in passes {
        try pass.run(&graph)
        do {
            try graph.verify()
        } catch {
            throw GraphError(
                node: error.node, fact: "\(error.fact) (after pass \(pass.name))")
        }
        observe(pass.name, graph)
    }
}
