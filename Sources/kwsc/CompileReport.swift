// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate
internal import KWSGraph
internal import KWSReport

/// What `kwsc compile` tells people about its result.
struct CompileReport {
    private let report: Report

    init(_ report: Report) {
        self.report = report
    }

    private var kernels: String {
        report.variant == KernelVariant.portable.name
            ? "plain C, for any core; --target CORE packs for that core's own, which are faster"
            : report.variant
    }

    private var execution: String {
        report.execution.text
            + (report.execution.saving.map {
                "\n" + String(repeating: " ", count: 32) + $0
            } ?? "")
    }

    private var pruned: String {
        guard let step = report.steps.first(where: { $0.name == "prune" }) else { return "" }
        let facts = step.facts.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        return "\n  pruned                        \(step.summary)\n"
            + String(repeating: " ", count: 32) + facts
    }

    func text(_ path: String) -> String {
        let sizes = report.sizes
        let heard = report.accuracy?.stages.map { stage in
            let loss = stage.againstFloat.map {
                ", net loss \(JSON.decimal(100 * $0.loss, digits: 2)) points"
            }
            return "  accuracy, \(stage.name)"
                + String(repeating: " ", count: max(2, 29 - stage.name.count - 9))
                + "\(JSON.decimal(100 * stage.all.value, digits: 2)) %\(loss ?? "")\n"
        }
        let stored = report.layers.compactMap { layer in
            layer.storage.map { "  weights of \(layer.name): \($0.form) (\($0.reason))\n" }
        }
        return """
            \(report.model): \(report.macs) MACs, \(report.weights) weights at \
            \(JSON.decimal(report.bitsPerWeight)) bits
              weights and per-channel data  \(sizes.tables) bytes
              front end tables              \(sizes.frontEndTables) bytes
              whole model block             \(sizes.block) bytes
              RAM of the network            \(sizes.arena) bytes
              RAM of an instance            \(sizes.instance) bytes + KWS_INSTANCE_BYTES \
            (PCM \(sizes.pcmRing), features \(sizes.features), detector \(sizes.detector))
              kernels                       \(kernels)
              a decision computes           \(execution)\(pruned)
            \(stored.joined())\(heard?.joined() ?? "")wrote \(path)

            """
    }
}
