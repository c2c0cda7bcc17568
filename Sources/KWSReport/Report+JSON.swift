// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate
internal import KWSGraph

extension Report {
    /// `report.json`; Sources/JSON.md lists the keys.
    ///
    /// - Parameter files: those that the compile writes beside it.
    package func json(files: [String]) -> JSON {
        var members: [(String, JSON)] = [
            ("model", .string(model)),
            ("source_crc32", .string(checksum)),
            ("variant", .string(variant)),
            ("labels", .strings(labels)),
            ("table_bytes", .integer(sizes.tables)),
            ("front_end_table_bytes", .integer(sizes.frontEndTables)),
            ("block_bytes", .integer(sizes.block)),
            ("ram_bytes", .integer(sizes.arena)),
            ("ram_lower_bound_bytes", .integer(sizes.arenaLowerBound)),
            ("instance_bytes", .integer(sizes.instance)),
            ("macs", .integer(macs)),
            ("execution", execution.json),
            ("weights", .integer(weights)),
            ("float_bytes", .integer(floatBytes)),
            ("bits_per_weight", .number(bitsPerWeight)),
            ("bits_per_activation", .number(bitsPerActivation)),
            ("sparsity", .number(sparsity)),
            ("calibration", .string(calibration ?? "synthetic")),
            ("kernels", .strings(kernels)),
            ("steps", .array(steps.map(\.json))),
            ("layers", .array(layers.map(\.json))),
        ]
        if let accuracy { members.append(("accuracy", accuracy.json)) }
        if let sensitivity { members.append(("sensitivity", sensitivity.json)) }
        members.append(("memory", memory))
        members.append(("files", .strings(files.sorted())))
        return .object(members)
    }

    private var memory: JSON {
        .array(
            plan.lifetimes.map { lifetime in
                .object([
                    ("name", .string(lifetime.name)), ("kind", .string(lifetime.kind.name)),
                    ("bytes", .integer(lifetime.range.bytes)),
                    ("offset", .integer(lifetime.range.offset)),
                    ("first", .integer(lifetime.steps.lowerBound)),
                    ("last", .integer(lifetime.steps.upperBound)),
                ])
            })
    }
}

extension MemoryPlan.Lifetime.Kind {
    /// For tables.
    package var name: String {
        switch self {
        case .tensor: "tensor"
        case .rows(let rows, let all): "\(rows) of \(all) rows"
        case .scratch: "scratch"
        case .progress: "row counts"
        }
    }
}

extension Report.Step {
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [
            ("name", .string(name)), ("summary", .string(summary)),
            (
                "facts",
                .array(
                    facts.map {
                        .object([("name", .string($0.name)), ("value", .string($0.value))])
                    })
            ),
        ]
        if let isRetrained { members.append(("retrained", .bool(isRetrained))) }
        return .object(members)
    }
}

extension Report.Layer {
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [
            ("name", .string(name)), ("op", .string(kernel)),
            ("output", .array(output.map { .integer($0) })), ("macs", .integer(macs)),
            ("activation_bits", .integer(activationBits)),
            ("channel_bytes", .integer(channelBytes)),
            ("weights", .integer(weights?.count ?? 0)),
        ]
        if let weights {
            let histogram = weights.histogram
            members += [
                ("float_bytes", .integer(weights.floatBytes)),
                ("weight_bytes", .integer(weights.bytes)),
                ("weight_bits", .integer(weights.bits)),
                ("stored_bits", .number(weights.storedBits)),
                ("levels_used", .integer(histogram.levelsUsed)),
                ("zeros", .integer(weights.zeros)),
                ("sparsity", .number(weights.sparsity)),
                ("level_counts", .array(histogram.levels.map { .integer($0) })),
                (
                    "float_bins",
                    .object([
                        ("low", .number(histogram.low)), ("width", .number(histogram.binWidth)),
                        ("counts", .array(histogram.bins.map { .integer($0) })),
                    ])
                ),
            ]
        }
        if let storage {
            members += [
                ("form", .string(storage.form)), ("form_reason", .string(storage.reason)),
            ]
        }
        return .object(members)
    }
}

extension Report.Accuracy {
    fileprivate var json: JSON {
        .object([
            ("data", .string(data)), ("clips", .integer(clips)),
            ("speakers", .integer(speakers)), ("skipped", .integer(skipped)),
            ("differing_scores", .integer(differingScores)),
            (
                "stages",
                .array(
                    stages.map { stage in
                        var members: [(String, JSON)] = [("name", .string(stage.name))]
                        members += stage.all.members
                        if let words = stage.withoutSilence {
                            members.append(("without_silence", .object(words.members)))
                        }
                        return .object(members + (stage.againstFloat?.members ?? []))
                    })
            ),
        ])
    }
}

extension Sensitivity {
    fileprivate var json: JSON {
        .object([
            ("measure", .string(measure)),
            (
                "layers",
                .array(
                    layers.map { curve in
                        .object([
                            ("name", .string(curve.layer)),
                            (
                                "points",
                                .array(
                                    curve.points.map {
                                        .object([
                                            ("bits", .integer($0.bits)), ("loss", .number($0.loss)),
                                        ])
                                    })
                            ),
                        ])
                    })
            ),
        ])
    }
}

extension Report {
    /// As the generated C file says it.
    var checksum: String {
        let digits = String(sourceChecksum, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension JSON {
    fileprivate static func strings(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}
