// SPDX-License-Identifier: Apache-2.0
//
// Goal: reports of the counter and maps of the linker are read right, and `kwsc bench` prints the
// keys that scripts rely on. Method: texts written by hand; the tool on the bundled model.

import Foundation
import KWSEvaluate
import Testing

@Suite struct BenchTests {
    static let report = """
        region 1 intervals 2 instructions 30 cycles 40 worst_instructions 20 worst_cycles 26 load 9 \
        alu 21
        region 16 intervals 1 instructions 7 cycles 8 worst_instructions 7 worst_cycles 8 load 7
        check ok

        """

    @Test func aReportIsRead() throws {
        let counts = try BenchCounts(BenchTests.report, name: "report")
        let first = counts[region: 1]
        #expect(first.meanInstructions == 15 && first.worstCycles == 26)
        #expect(first.classes.map(\.name) == ["load", "alu"])
        #expect(first.classes.map(\.count) == [9, 21])
        #expect(counts.layer(0).instructions == 7)
        #expect(counts.layer(1).intervals == 0)
    }

    @Test(arguments: [
        report.replacingOccurrences(of: "check ok", with: "check failed"),
        report.replacingOccurrences(of: "check ok\n", with: ""),
        report.replacingOccurrences(of: "30", with: "many"), "nothing of the kind\n",
    ]) func aBadReportIsRefused(text: String) {
        #expect(throws: EvaluationError.self) { try BenchCounts(text, name: "report") }
    }

    @Test func theMapTellsWhatIsExecuted() {
        let map = LinkMap(
            """
             .text.gone     0x00000000      0x999 /x/libkws.a(conv_ref.o)
            Linker script and memory map
             .text.main     0x00000100       0x10 /x/bench.o
             .text.run      0x00000200       0x20 /x/libkws.a(conv_ref.o)
             .text.a_name_that_is_longer
                            0x00000220       0x08 /x/libkws.a(conv_ref.o)
             .rodata.table  0x00000300       0x04 /x/libkws.a(conv_ref.o)
             .rodata.other  0x00000304       0x40 /x/libkws.a(dense_ref.o)
            """)
        #expect(map.pieces.count == 5)
        #expect(map.libraryBytes == 0x20 + 8 + 4 + 0x40)
        // The last byte of run() and all of main(), which is not the library's.
        #expect(map.libraryBytes(executing: [0x21F, 0x100]) == 0x20 + 4)
        #expect(map.libraryBytes(executing: [0x1FF, 0x228]) == 0)
    }

    @Test func thePeersAreRead() throws {
        let path = try Checkout.find() + "/Toolchains/peers/mlperf-dscnn.json"
        let peers = try PeerTable(path: path)
        let best = try #require(peers.engines.first { $0.engine?.contains("best") == true })
        for board in EmulatedBoard.all {
            #expect(peers.core(board.core, of: best)?.instructions ?? 0 > 1_000_000)
        }
        let core = try #require(peers.core("cortex-m4", of: best))
        #expect(peers.instructions("pointwise", 3, core) == 911_883)
        #expect(peers.instructions("pointwise", 4, core) == nil)
        #expect(throws: EvaluationError.self) { try PeerTable(path: "/no/such/file") }
    }

    @Test(.enabled(if: Tool.path != nil && canEmulate, "needs kwsc, qemu-system-arm and gcc"))
    func benchPrintsItsKeys() throws {
        let result = try Tool.run(["bench", "--board", "mps2-an386", "--front-end", "--json"])
        #expect(result.code == 0, "\(result.error)")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(object["model"] as? String == "demo")
        let core = try #require((object["cores"] as? [[String: Any]])?.first)
        #expect(core["core"] as? String == "cortex-m4")
        for key in [
            "instructions", "cycles_estimated", "macs", "ram_bytes", "stack_bytes", "code_bytes",
            "table_bytes", "descriptor_bytes", "front_end_table_bytes", "instance_bytes",
            "library_code_bytes", "worst_poll_instructions", "poll_stack_bytes",
        ] {
            #expect(core[key] as? Int ?? 0 > 0, "\(key)")
        }
        let front = try #require(core["front_end"] as? [String: Any])
        #expect(front["frame_instructions"] as? Int ?? 0 > 0)
        let layers = try #require(core["layers"] as? [[String: Any]])
        let sum = layers.reduce(0) { $0 + ($1["instructions"] as? Int ?? 0) }
        let engine = try #require(core["engine_instructions"] as? Int)
        #expect(sum + engine == core["instructions"] as? Int)
        #expect(layers.allSatisfy { $0["name"] is String && $0["op"] is String })
        #expect(layers.reduce(0) { $0 + ($1["macs"] as? Int ?? 0) } == core["macs"] as? Int)
    }

    /// Four rows of features a decision: four of the first layer, two of the second, all of the others.
    @Test(.enabled(if: Tool.path != nil && canEmulate, "needs kwsc, qemu-system-arm and gcc"))
    func aDecisionOfRowsIsCountedByLayer() throws {
        try withFolder { folder in
            let result = try Tool.run([
                "bench", try ToolModel.writeRows(to: folder), "--board", "mps2-an386", "--json",
            ])
            #expect(result.code == 0, "\(result.error)")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            let core = try #require((object["cores"] as? [[String: Any]])?.first)
            let rows = try #require(core["row_by_row"] as? [String: Any])
            let layers = try #require(rows["layers"] as? [[String: Any]])
            let macs = Dictionary(
                layers.map { ($0["name"] as? String ?? "", $0["macs"] as? Int ?? -1) },
                uniquingKeysWith: +)
            #expect(macs["first"] == 4 * 8 * 40 && macs["second"] == 2 * 8 * 24)
            #expect(macs["logits"] == 128)
            let counts = layers.map { $0["instructions"] as? Int ?? 0 }
            let decision = try #require(rows["decision_instructions"] as? Int)
            let window = try #require(core["instructions"] as? Int)
            // What is left is the engine's and the poll's: something, but no layer.
            #expect(counts.allSatisfy { $0 > 0 })
            #expect((1..<window / 2).contains(decision - counts.reduce(0, +)))
        }
    }

    @Test(.enabled(if: Tool.path != nil, "kwsc is not built beside the tests"))
    func anOperatorServesAsModel() throws {
        for (text, macs) in [
            ("dense:250,144", 250 * 144), ("pointwise:25,5,64,64", 25 * 5 * 64 * 64),
            ("depthwise:25,5,64,7,7", 25 * 5 * 64 * 49),
            ("convolution:49,10,1,64,10,4,2,2", 25 * 5 * 64 * 40),
            ("maxpool:24,20,64,2,2,2,2", 0), ("avgpool:24,5,64,3,3", 0), ("add:25,5,64", 0),
            ("softmax:12", 0),
        ] {
            let result = try Tool.run(["inspect", text, "--json"])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output.contains("\"macs\": \(macs)"))
        }
        for text in ["dense:250", "dense:0,1", "dense:1,2,3", "depthwise:5,5,5,3,3,1", "add:5,5"] {
            #expect(try Tool.run(["inspect", text]).code == 64)
        }
    }

    static let canEmulate = ["qemu-system-arm", "arm-none-eabi-gcc"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }
}
