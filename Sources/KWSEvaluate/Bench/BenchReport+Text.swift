// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension BenchReport {
    package var text: String {
        let boards = results.map { boardText($0) }.joined(separator: "\n")
        let left = leftOut.map { "\($0.name): the image does not fit\n" }.joined()
        return boards + left + (results.isEmpty ? "" : "\n" + summary)
    }

    private func boardText(_ result: BenchResult) -> String {
        let heads = engines(result).map { $0.name }
        var table = TextTable(
            [
                "layer", "op", "MACs", "instructions", "per MAC", "load", "store", "multiply",
                "alu",
                "branch", "vector", "cycles",
            ] + heads)
        let layers = result.layers
        let occurrences = BenchReport.occurrences(layers)
        for (layer, occurrence) in zip(layers, occurrences) {
            table.add(
                [layer.name, layer.operation, grouped(layer.macs)]
                    + figures(layer.tally, macs: layer.macs)
                    + engines(result).map { engine in
                        peers?.instructions(layer.operation, occurrence, engine.core)
                            .map(grouped) ?? ""
                    })
        }
        table.add(["engine", "", ""] + figures(result.engine, macs: 0))
        table.add(
            ["inference", "", grouped(result.model.macs)]
                + figures(result.inference, macs: result.model.macs)
                + engines(result).map { $0.core.instructions.map(grouped) ?? "" })
        return "# \(name) on \(result.board.core) (\(result.board.name)), "
            + "\(application.level.rawValue) by \(application.compiler.rawValue)\(application.isPortable ? ", portable" : "")\n"
            + table.text
            + facts(result)
    }

    private func figures(_ tally: BenchCounts.Tally, macs: Int) -> [String] {
        func count(_ prefix: String) -> String {
            grouped(
                tally.classes.filter { $0.name.hasPrefix(prefix) }.reduce(0) { $0 + $1.count })
        }
        return [
            grouped(tally.instructions),
            macs > 0 ? ratio(tally.instructions, macs) : "", count("load"), count("store"),
            count("multiply"), count("alu"), count("branch"), count("vector"),
            grouped(tally.cycles),
        ]
    }

    private func facts(_ result: BenchResult) -> String {
        let model = result.model
        var text =
            "flash: code of an inference \(result.codeBytes) B, tables \(model.tableBytes) B, "
            + "descriptors \(model.descriptorBytes) B, front end tables "
            + "\(model.frontEndTableBytes) B; all of the library \(result.libraryCodeBytes) B\n"
            + "RAM: network \(model.ramBytes) B, instance \(model.instanceBytes) B; "
            + "stack: inference \(result.stackBytes) B"
        guard model.hopsPerSecond > 0 else { return text + "\n" }
        text +=
            ", poll \(result.pollStackBytes) B\n"
            + "worst kws_poll(): \(grouped(result.worstPollInstructions)) instructions, "
            + "\(grouped(result.worstPollCycles)) cycles; real time needs "
            + "\(JSON.decimal(result.megahertz, digits: 1)) MHz\n"
        if let rows = rows[result.board.name] {
            text +=
                "a decision of the whole window: \(perSecond(result)); row by row: \(perSecond(rows)), "
                + "1/\(ratio(result.decisionInstructions, rows.decisionInstructions)) of it; RAM: network "
                + "\(rows.model.ramBytes) B, instance \(rows.model.instanceBytes) B; stack: poll "
                + "\(rows.pollStackBytes) B\n" + decisionTable(rows)
        }
        if hasFrontEnd {
            let hop = result.counts[region: BenchCounts.Region.featurePoll]
            text +=
                "front end: a hop \(grouped(hop.worstInstructions)) instructions, "
                + "\(grouped(hop.worstCycles)) cycles; a frame of features "
                + "\(grouped(result.frameInstructions)) and \(grouped(result.frameCycles)); "
                + "code \(result.frontEndCodeBytes) B\n"
        }
        return text
    }

    /// What a decision costs where layers keep rows.
    private func decisionTable(_ rows: BenchResult) -> String {
        var table = TextTable(
            ["row by row", "op", "MACs", "instructions", "per MAC", "of a decision"])
        func add(_ name: String, _ operation: String, macs: Int, _ instructions: Int) {
            let share = 100 * Double(instructions) / Double(max(1, rows.decisionInstructions))
            table.add([
                name, operation, macs > 0 ? grouped(macs) : "", grouped(instructions),
                ratio(instructions, macs), "\(JSON.decimal(share, digits: 1)) %",
            ])
        }
        let layers = rows.decisionLayers
        for layer in layers {
            add(layer.name, layer.operation, macs: layer.macs, layer.tally.instructions)
        }
        let inLayers = layers.reduce(0) { $0 + $1.tally.instructions }
        add("engine, poll", "", macs: 0, rows.decisionInstructions - inLayers)
        return table.text
    }

    private func perSecond(_ result: BenchResult) -> String {
        "\(grouped(result.decisionInstructions)) instructions, "
            + "\(JSON.decimal(result.networkInstructionsPerSecond / 1e6, digits: 2)) million a second "
            + "of audio"
    }

    /// One row a core, in Markdown.
    package var summary: String {
        let names = (peers?.engines ?? []).map { $0.engine ?? "" }
        var text =
            "| core | instructions | per MAC | cycles | code B | RAM B | stack B |"
            + names.map { " \($0) |" }.joined() + "\n|---|---|---|---|---|---|---|"
            + names.map { _ in "---|" }.joined() + "\n"
        for result in results {
            let count = result.inference.instructions
            text +=
                "| \(result.board.core) | \(grouped(count)) | \(ratio(count, result.model.macs)) "
                + "| \(grouped(result.inference.cycles)) | \(grouped(result.codeBytes)) "
                + "| \(grouped(result.model.ramBytes)) | \(result.stackBytes) |"
            for engine in peers?.engines ?? [] {
                let other = peers?.core(result.board.core, of: engine)?.instructions
                text += other.map { " \(grouped($0)) (\(ratio(count, $0))) |" } ?? " |"
            }
            text += "\n"
        }
        if !names.isEmpty {
            text += "\nIn brackets: the instructions of this table's first column by theirs.\n"
        }
        return text
    }

    private func engines(
        _ result: BenchResult
    ) -> [(name: String, core: PeerTable.Engine.Core)] {
        guard let peers else { return [] }
        return peers.engines.compactMap { engine in
            peers.core(result.board.core, of: engine)
                .flatMap { $0.layers == nil ? nil : (engine.engine ?? "", $0) }
        }
    }

    private func ratio(_ a: Int, _ b: Int) -> String {
        b > 0 ? JSON.decimal(Double(a) / Double(b), digits: 3) : ""
    }

    /// 12,345,678.
    private func grouped(_ number: Int) -> String {
        let digits = String(abs(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + text
    }
}
