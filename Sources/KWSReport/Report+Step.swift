// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension Report {
    /// Something that the compiler did to the network.
    package struct Step: Sendable {
        package var name: String
        /// One sentence.
        package var summary: String
        /// Settings and findings, such as ("importance", "|w| E|x|").
        package var facts: [(name: String, value: String)]
        /// Whether weights were trained again; nil where nobody would expect it.
        package var isRetrained: Bool?
        /// The float network behind the step, where it changed: measured on labelled recordings.
        package var network: FloatGraph?

        package init(
            name: String, summary: String, facts: [(name: String, value: String)] = [],
            isRetrained: Bool? = nil, network: FloatGraph? = nil
        ) {
            self.name = name
            self.summary = summary
            self.facts = facts
            self.isRetrained = isRetrained
            self.network = network
        }
    }
}
