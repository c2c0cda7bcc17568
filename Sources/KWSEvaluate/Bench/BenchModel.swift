// SPDX-License-Identifier: Apache-2.0

/// What a measurement has to know of a compiled model.
package struct BenchModel: Sendable {
    package struct Layer: Sendable {
        package var name: String
        package var operation: String
        package var macs: Int
        /// Rows of its output that a decision brings, of those of a window; nil: it runs as a whole.
        package var newRows: Int?

        package init(name: String, operation: String, macs: Int, newRows: Int? = nil) {
            self.name = name
            self.operation = operation
            self.macs = macs
            self.newRows = newRows
        }
    }

    package var name: String
    package var layers: [Layer]
    /// Activations, scratch, accumulators, alignment and the input of the network.
    package var ramBytes: Int
    /// A whole instance, front end and detector included.
    package var instanceBytes: Int
    /// Weights and per-channel data.
    package var tableBytes: Int
    /// What else is in the block but the front end's tables.
    package var descriptorBytes: Int
    package var frontEndTableBytes: Int
    /// Hops and inferences that a second of audio brings; 0 without a front end.
    package var hopsPerSecond: Double
    package var inferencesPerSecond: Double
    /// Whether layers keep rows: then each hop runs a part of the network.
    package var keepsRows: Bool

    package init(
        name: String, layers: [Layer], ramBytes: Int, instanceBytes: Int, tableBytes: Int,
        descriptorBytes: Int, frontEndTableBytes: Int, hopsPerSecond: Double,
        inferencesPerSecond: Double, keepsRows: Bool
    ) {
        self.name = name
        self.layers = layers
        self.ramBytes = ramBytes
        self.instanceBytes = instanceBytes
        self.tableBytes = tableBytes
        self.descriptorBytes = descriptorBytes
        self.frontEndTableBytes = frontEndTableBytes
        self.hopsPerSecond = hopsPerSecond
        self.inferencesPerSecond = inferencesPerSecond
        self.keepsRows = keepsRows
    }

    /// Polls that run the network or a part of it.
    package var networkPollsPerSecond: Double { keepsRows ? hopsPerSecond : inferencesPerSecond }

    package var macs: Int { layers.reduce(0) { $0 + $1.macs } }
}
