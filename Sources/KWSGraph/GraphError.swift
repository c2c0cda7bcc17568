// SPDX-License-Identifier: Apache-2.0

/// What does not fit together in a graph, and where.
package struct GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The node's name, or a phase such as "after FoldBatchNorm".
    package var node: String
    /// What was found, and what is allowed.
    package var fact: String

    package init(node: String, fact: String) {
        self.node = node
        self.fact = fact
    }

    package var description: String { "node '\(node)': \(fact)" }
}
