// SPDX-License-Identifier: Apache-2.0

/// What the kernels of a family of cores ask of the compiler: the order of the weights, scratch, and
/// when an output may trail its input (SPEC.md sections 4.1 and 4.2).
package struct KernelVariant: Sendable {
    package var name: String
    /// KWS_PACK_* of kws_model.h.
    package var pack: UInt16
    /// The widest output of a DWCONV that may trail its input.
    package var trailingWidth: Int
    /// Whether one without padding on the left may, however wide.
    package var trailsAlongRows: Bool
    /// Bytes of scratch of a layer, MEAN's sums apart.
    ///
    /// - Parameter trails: whether the output lies in the input's memory.
    package var scratchBytes:
        @Sendable (
            _ layer: QuantGraph.Layer, _ input: QuantGraph.Tensor, _ output: QuantGraph.Tensor,
            _ trails: Bool
        ) -> Int
    /// The stored bytes of a layer's weights.
    package var packed: @Sendable (WeightMatrix) -> [UInt8]

    package init(
        name: String, pack: UInt16, trailingWidth: Int, trailsAlongRows: Bool = true,
        scratchBytes:
            @escaping @Sendable (
                _ layer: QuantGraph.Layer, _ input: QuantGraph.Tensor,
                _ output: QuantGraph.Tensor, _ trails: Bool
            ) -> Int,
        packed: @escaping @Sendable (WeightMatrix) -> [UInt8]
    ) {
        self.name = name
        self.pack = pack
        self.trailingWidth = trailingWidth
        self.trailsAlongRows = trailsAlongRows
        self.scratchBytes = scratchBytes
        self.packed = packed
    }
}

extension KernelVariant {
    /// The variants whose kernels are there; one that is missing is served by the portable one.
    package static let all: [KernelVariant] = [.portable, .v6m, .v7m, .dsp, .mve]

    /// The names of targets and the pack order of their kernels.
    private static let packs: [(target: String, pack: UInt16)] = [
        ("host", 0),
        ("cortex-m0", 1), ("cortex-m0plus", 1),
        ("cortex-m3", 2),
        ("cortex-m4", 3), ("cortex-m7", 3), ("cortex-m33", 3),
        ("cortex-m55", 4),
    ]

    /// What `--target` takes.
    package static var targets: [String] { packs.map(\.target) }

    /// The variant of a target; nil for a name that is none.
    package static func of(target: String) -> KernelVariant? {
        packs.first { $0.target == target }.map { entry in
            all.first { $0.pack == entry.pack } ?? .portable
        }
    }
}
