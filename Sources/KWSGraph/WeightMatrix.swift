// SPDX-License-Identifier: Apache-2.0

/// The weights of a layer as SPEC.md section 4.2 sees them: `w[o][k]`, `columns` values an output.
package struct WeightMatrix: Sendable {
    package var layer: QuantGraph.Layer
    package var outputs: Int
    package var columns: Int
    /// `[outputs][columns]`.
    package var values: [Int8]

    /// - Requires: the layer has weights.
    package init(_ layer: QuantGraph.Layer, output: QuantGraph.Tensor) {
        self.layer = layer
        values = layer.operation.weights
        outputs = output.channels
        columns = values.count / output.channels
    }

    /// Rows of a layer's weights as a matrix of their own.
    init(_ layer: QuantGraph.Layer, columns: Int, values: [Int8]) {
        self.layer = layer
        self.values = values
        self.columns = columns
        outputs = values.count / columns
    }

    package var bits: Int { layer.weightBits }

    /// The values as they are stored: `w + 2^(bits-1)` for narrow ones, bytes as they are.
    package var stored: [UInt8] {
        bits == 8 ? values.map { UInt8(bitPattern: $0) } : offset
    }

    /// `w + 2^(bits-1)`, whatever the width.
    package var offset: [UInt8] {
        values.map { UInt8(truncatingIfNeeded: Int($0) + (1 << (bits - 1))) }
    }
}

/// Bits, from the lowest one of the first byte on; the last byte is filled up with 0.
package struct BitStream {
    package private(set) var bytes: [UInt8] = []
    private var count = 0

    package init() {}

    /// Appends the lowest bits of a value that has no others.
    package mutating func append(_ value: UInt8, bits: Int) {
        var wide = UInt16(value) << UInt16(count % 8)
        if count % 8 == 0 { bytes.append(0) }
        bytes[bytes.count - 1] |= UInt8(truncatingIfNeeded: wide)
        wide >>= 8
        if count % 8 + bits > 8 { bytes.append(UInt8(truncatingIfNeeded: wide)) }
        count += bits
    }
}
