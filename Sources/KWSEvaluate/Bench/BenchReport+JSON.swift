// SPDX-License-Identifier: Apache-2.0

extension BenchReport {
    /// The keys that scripts rely on; Sources/JSON.md lists them.
    package var json: JSON {
        .object([
            ("model", .string(name)),
            ("optimize", .string(application.level.rawValue)),
            ("compiler", .string(application.compiler.rawValue)),
            ("portable", .bool(application.isPortable)),
            ("cores", .array(results.map(core))),
            ("left_out", .array(leftOut.map { .string($0.name) })),
        ])
    }

    private func core(_ result: BenchResult) -> JSON {
        let model = result.model
        var members: [(String, JSON)] = [
            ("core", .string(result.board.core)),
            ("board", .string(result.board.name)),
            ("instructions", .integer(result.inference.instructions)),
            ("cycles_estimated", .integer(result.inference.cycles)),
            ("macs", .integer(model.macs)),
            ("ram_bytes", .integer(model.ramBytes)),
            ("instance_bytes", .integer(model.instanceBytes)),
            ("stack_bytes", .integer(result.stackBytes)),
            ("code_bytes", .integer(result.codeBytes)),
            ("library_code_bytes", .integer(result.libraryCodeBytes)),
            ("table_bytes", .integer(model.tableBytes)),
            ("descriptor_bytes", .integer(model.descriptorBytes)),
            ("front_end_table_bytes", .integer(model.frontEndTableBytes)),
            ("engine_instructions", .integer(result.engine.instructions)),
            ("classes", classes(result.inference)),
        ]
        if model.hopsPerSecond > 0 {
            members += [
                ("worst_poll_instructions", .integer(result.worstPollInstructions)),
                ("worst_poll_cycles_estimated", .integer(result.worstPollCycles)),
                ("poll_stack_bytes", .integer(result.pollStackBytes)),
                ("real_time_mhz", .number(result.megahertz)),
            ]
        }
        if let rows = rows[result.board.name] {
            members += [
                ("decision_instructions", .integer(result.decisionInstructions)),
                (
                    "row_by_row",
                    .object([
                        ("decision_instructions", .integer(rows.decisionInstructions)),
                        ("ram_bytes", .integer(rows.model.ramBytes)),
                        ("instance_bytes", .integer(rows.model.instanceBytes)),
                        ("poll_stack_bytes", .integer(rows.pollStackBytes)),
                        ("real_time_mhz", .number(rows.megahertz)),
                        ("layers", .array(rows.decisionLayers.map(layer))),
                    ])
                ),
            ]
        }
        if hasFrontEnd {
            let hop = result.counts[region: BenchCounts.Region.featurePoll]
            members.append(
                (
                    "front_end",
                    .object([
                        ("hop_instructions", .integer(hop.worstInstructions)),
                        ("hop_cycles_estimated", .integer(hop.worstCycles)),
                        ("frame_instructions", .integer(result.frameInstructions)),
                        ("frame_cycles_estimated", .integer(result.frameCycles)),
                        ("code_bytes", .integer(result.frontEndCodeBytes)),
                    ])
                ))
        }
        members.append(("layers", .array(result.layers.map(layer))))
        return .object(members)
    }

    private func layer(_ layer: BenchResult.Layer) -> JSON {
        .object([
            ("name", .string(layer.name)),
            ("op", .string(layer.operation)),
            ("macs", .integer(layer.macs)),
            ("instructions", .integer(layer.tally.instructions)),
            ("cycles_estimated", .integer(layer.tally.cycles)),
            ("classes", classes(layer.tally)),
        ])
    }

    private func classes(_ tally: BenchCounts.Tally) -> JSON {
        .object(tally.classes.map { ($0.name, .integer($0.count)) })
    }
}
