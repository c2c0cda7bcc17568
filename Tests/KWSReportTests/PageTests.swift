// SPDX-License-Identifier: Apache-2.0
//
// Goal: the page is one well-formed document that loads nothing, tells of every layer, says the
// numbers of report.json, and is the same bytes for the same compile; no name becomes markup.
// Method: an XML parser reads the pages of all ONNX fixtures, and of a network whose names are evil.

import Foundation
import KWSCompile
import KWSEmit
import KWSEvaluate
import KWSGraph
import KWSReport
import Testing

struct PageTests {
    /// As a page shows a number.
    func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return String(
            digits.enumerated().flatMap { index, digit in
                index > 0 && (digits.count - index) % 3 == 0 ? [",", digit] : [digit]
            })
    }

    func object(_ report: Report) throws -> [String: Any] {
        let text = report.json(files: ["b", "a"]).text
        return try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(arguments: Networks.files, [8, 2])
    func pageAndJSONSayTheSame(file: String, bits: Int) throws {
        let compilation = try Networks.compile(file, bits: bits)
        let report = Report(compilation, calibration: nil)
        let page = try ParsedPage(ReportPage(report).text)
        let json = try object(report)
        func number(_ key: String) throws -> Int { try #require(json[key] as? Int) }

        #expect(
            page.facts["weights and per-channel data"] == [
                "\(grouped(try number("table_bytes"))) B"
            ])
        #expect(page.facts["RAM of the network"] == ["\(grouped(try number("ram_bytes"))) B"])
        #expect(page.facts["multiply-accumulates"] == [grouped(try number("macs"))])
        #expect(page.facts["whole model block"] == ["\(grouped(try number("block_bytes"))) B"])
        #expect(try number("table_bytes") == compilation.block.tableBytes)

        let layers = try #require(json["layers"] as? [[String: Any]])
        #expect(layers.count == compilation.model.graph.layers.count)
        let stored = layers.reduce(0) {
            $0 + ($1["weight_bytes"] as? Int ?? 0) + ($1["channel_bytes"] as? Int ?? 0)
        }
        #expect(try stored == number("table_bytes"))
        #expect(page.row("all", of: "Sizes")?[5] == grouped(stored))
        for layer in layers {
            let name = try #require(layer["name"] as? String)
            let weights = try #require(layer["weights"] as? Int)
            let row = try #require(page.row(name, of: "Bits and sparsity"))
            #expect(row[4] == grouped(try #require(layer["macs"] as? Int)))
            guard weights > 0 else { continue }
            #expect(row[5] == grouped(weights))
            #expect(row[6] == String(bits))
            let used = try #require(layer["levels_used"] as? Int)
            #expect(row[8] == "\(used) of \(1 << bits)")
            let counts = try #require(layer["level_counts"] as? [Int])
            #expect(counts.reduce(0, +) == weights && counts.count { $0 > 0 } == used)
            let size = try #require(page.row(name, of: "Sizes"))
            #expect(size[2] == grouped(try #require(layer["float_bytes"] as? Int)))
            #expect(size[3] == grouped(try #require(layer["weight_bytes"] as? Int)))
            let bins = try #require(layer["float_bins"] as? [String: Any])
            // Of every float weight; the stored ones are no others.
            #expect((bins["counts"] as? [Int])?.reduce(0, +) == weights)
        }
        let memory = try #require(json["memory"] as? [[String: Any]])
        // A heading and a row for each.
        #expect(page.rows["Memory"]?.count == memory.count + 1)
    }

    @Test(arguments: KernelVariant.all.map(\.name))
    func bytesOfAllLayersAreTheTables(variant: String) throws {
        let kernels = try #require(KernelVariant.all.first { $0.name == variant })
        for file in Networks.files {
            let report = Report(
                try Networks.compile(file, bits: 3, for: kernels), calibration: nil)
            let bytes = report.layers.reduce(0) {
                $0 + ($1.weights?.bytes ?? 0) + $1.channelBytes
            }
            #expect(bytes == report.sizes.tables, "\(file)")
        }
    }

    @Test func pageLoadsNothing() throws {
        let page = try ParsedPage(ReportPage(full(named: "net")).text)
        for element in ["script", "link", "img", "iframe", "object", "embed", "a", "image", "use"] {
            #expect(!page.elements.contains(element))
        }
        for attribute in page.attributes {
            #expect(!attribute.hasPrefix("on") && !["src", "href"].contains(attribute))
        }
        let text = ReportPage(try full(named: "net")).text
        #expect(!text.contains("url(") && !text.contains("@import"))
    }

    @Test func sameCompileSameBytes() throws {
        func page() throws -> String { ReportPage(try full(named: "twice")).text }
        func json() throws -> String { try full(named: "twice").json(files: []).text }
        #expect(try page() == page())
        #expect(try json() == json())
    }

    /// Every part that a report can have, with one name everywhere.
    func full(named name: String) throws -> Report {
        let compilation = try Networks.compile(Networks.dense(named: name), bits: 2)
        var report = Report(compilation, calibration: name)
        report.steps.append(
            .init(name: name, summary: name, facts: [(name, name)], isRetrained: false))
        report.layers[0].storage = .init(form: name, reason: name)
        report.sensitivity = Sensitivity(
            measure: name, layers: [.init(layer: name, points: [(8, 0), (4, 0.25), (2, 0.75)])])
        var pair = PairedComparison()
        pair.add(truth: 0, first: 0, second: 1)
        let right = Proportion(successes: 3, trials: 4)
        report.accuracy = .init(
            data: name, clips: 4, speakers: 0, skipped: 0,
            stages: [
                .init(name: name, all: right, withoutSilence: nil, againstFloat: nil),
                .init(name: name, all: right, withoutSilence: right, againstFloat: pair),
            ], differingScores: 0)
        return report
    }

    static let sections = [
        "Steps", "Sizes", "Accuracy", "Bits and sparsity", "Dense or sparse", "Sensitivity",
        "Weights and levels", "Memory",
    ]

    @Test(arguments: [
        "plain", "<script>alert(1)</script>", "\"'><b>", "a&amp;b&lt;", "]]>", "</style></svg>",
        "<!-- x", "\u{0}\u{1B}\u{7F}\u{FFFF}",
    ])
    func namesNeverBecomeMarkup(name: String) throws {
        let plain = try ParsedPage(ReportPage(full(named: "plain")).text)
        let page = try ParsedPage(ReportPage(full(named: name)).text)
        #expect(page.headings == Self.sections)
        #expect(page.elements == plain.elements && page.attributes == plain.attributes)
        // What XML has no way of writing is replaced, all else is read back as it was.
        let read = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    [0, 0x1B, 0x7F, 0xFFFF].contains(scalar.value) ? "\u{FFFD}" : scalar
                }))
        #expect(page.row(read, of: "Bits and sparsity") != nil)
        #expect(page.row(read, of: "Dense or sparse") == [read, read, read])
        #expect(page.facts["ranges from"] == [read, read])
        #expect(page.texts.contains(read))
        // The drawing of its own is no different.
        let drawing = MemoryDrawing(
            try full(named: name).graph, try full(named: name).plan
        ).text
        #expect(try ParsedPage(drawing).texts.contains(read))
    }

    @Test func partsThatAreMissingAreLeftOut() throws {
        let report = Report(
            try Networks.compile(Networks.dense(named: "net")), calibration: nil)
        let page = try ParsedPage(ReportPage(report).text)
        #expect(page.headings == Self.sections.filter { $0 != "Sensitivity" })
        let json = try object(report)
        #expect(json["accuracy"] == nil && json["sensitivity"] == nil)
    }
}
