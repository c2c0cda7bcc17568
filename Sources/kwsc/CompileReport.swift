// SPDX-License-Identifier: Apache-2.0

internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate
internal import KWSFrontEnd
internal import KWSGraph

/// What `kwsc compile` tells about its result.
struct CompileReport {
    private let compilation: Compilation
    private let calibration: CalibrationSource
    private let size: InstanceSize

    init(_ compilation: Compilation, calibration: CalibrationSource) {
        self.compilation = compilation
        self.calibration = calibration
        size = InstanceSize(compilation.model)
    }

    private var block: ModelBlock { compilation.block }
    private var model: CompiledModel { compilation.model }
    private var weights: Int { model.graph.layers.reduce(0) { $0 + $1.operation.weights.count } }
    /// The mean over all weights.
    private var bitsPerWeight: Double {
        let bits = model.graph.layers.reduce(0) {
            $0 + $1.operation.weights.count * $1.weightBits
        }
        return weights > 0 ? Double(bits) / Double(weights) : 8
    }
    /// The mean over the elements of all hidden tensors.
    private var bitsPerActivation: Double {
        let hidden = model.graph.tensors.dropFirst().dropLast()
        let elements = hidden.reduce(0) { $0 + $1.elements }
        let bits = hidden.reduce(0) { $0 + $1.elements * $1.bits }
        return elements > 0 ? Double(bits) / Double(elements) : 8
    }
    private var zeros: Int {
        model.graph.layers.reduce(0) { $0 + $1.operation.weights.count { $0 == 0 } }
    }

    /// The keys that scripts rely on; Sources/JSON.md lists them.
    func json(files: [String]) -> JSON {
        .object([
            ("model", .string(model.name)),
            ("variant", .string(model.variant.name)),
            ("table_bytes", .integer(block.tableBytes)),
            ("front_end_table_bytes", .integer(Int(model.frontEnd?.tablesBytes ?? 0))),
            ("block_bytes", .integer(block.bytes.count)),
            ("ram_bytes", .integer(model.plan.arenaBytes)),
            ("ram_lower_bound_bytes", .integer(model.plan.lowerBound)),
            ("instance_bytes", .integer(size.modelBytes)),
            ("macs", .integer(compilation.floatGraph.macs)),
            ("weights", .integer(weights)),
            ("bits_per_weight", .number(bitsPerWeight)),
            ("bits_per_activation", .number(bitsPerActivation)),
            ("sparsity", .number(weights > 0 ? Double(zeros) / Double(weights) : 0)),
            ("calibration", .string(calibration.path ?? "synthetic")),
            ("files", .array(files.sorted().map { .string($0) })),
        ])
    }

    private var kernels: String {
        model.variant.pack == KernelVariant.portable.pack
            ? "plain C, for any core; --target CORE packs for that core's own, which are faster"
            : model.variant.name
    }

    func text(_ path: String) -> String {
        """
        \(model.name): \(compilation.floatGraph.macs) MACs, \(weights) weights at \
        \(JSON.decimal(bitsPerWeight)) bits
          weights and per-channel data  \(block.tableBytes) bytes
          front end tables              \(model.frontEnd?.tablesBytes ?? 0) bytes
          whole model block             \(block.bytes.count) bytes
          RAM of the network            \(model.plan.arenaBytes) bytes
          RAM of an instance            \(size.modelBytes) bytes + KWS_INSTANCE_BYTES \
        (PCM \(size.pcmRing), features \(size.features), detector \(size.detector))
          kernels                       \(kernels)
        wrote \(path)

        """
    }
}
