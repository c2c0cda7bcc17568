// SPDX-License-Identifier: Apache-2.0
//
// Goal: parity finds any difference, names its place and both values, and finds none where there is
// none. Method: the block of one side gets a bias raised by exactly one output step, so that the
// layer, the element and the difference are known beforehand.

import KWSEmit
import KWSEvaluate
import KWSGraph
import KWSTestModels
import Testing

@Suite struct HostParityTests {
    static let clips: [String: [Int16]] = [
        "quiet": Array(repeating: 0, count: 8000),
        "noise": TestSound.noise(8000, amplitude: 4000, seed: 11),
        "bursts": TestSound.bursts(40_000, at: [4000..<12_000, 20_000..<30_000]),
        "short": TestSound.noise(100, amplitude: 4000, seed: 12),
        "clipped": (0..<9000).map { $0 / 13 % 2 == 0 ? 32767 : -32768 },
    ]

    func run(
        _ model: TestModel, library: [UInt8]? = nil, chunk: Int = 160,
        clips: [String] = ["quiet", "noise", "bursts", "short", "clipped"]
    ) throws -> ParityReport {
        try ParityRun(
            block: model.block, name: "test", names: model.layerNames, boards: [], chunk: chunk,
            libraryBlock: library
        ).run(clips) { Self.clips[$0, default: []] }
    }

    @Test func sameBlockSameBytes() throws {
        let others = try TestModel.otherFeatures().map { try TestModel.mixed(hearing: $0) }
        for model in [try TestModel.loudness(), try TestModel.mixed(), try TestModel.cells()]
            + others
        {
            for chunk in [1, 160, 319, 100_000] {
                let report = try run(model, chunk: chunk)
                #expect(report.mismatches == [], "chunks of \(chunk)")
                #expect(report.clips == 5 && report.targets == ["host-c"])
                #expect(report.inferences > 50)
                #expect(report.stages == model.layerNames.count + 1)
            }
        }
        #expect(try run(.loudness()).events > 0)
    }

    /// A minute of sound in chunks of any size: the reference computes each window as a whole.
    @Test(arguments: [0, 200]) func keptRowsAreThoseOfEachWindow(contrast: Int) throws {
        let model = try TestModel.causal(contrast: contrast)
        #expect(model.compiled.graph.streaming?.layers == 3)
        var random = TestRandom(seed: UInt64(contrast + 1))
        let sound =
            TestSound.noise(320_000, amplitude: 9000, seed: 5)
            + TestSound.bursts(
                640_000, at: [100_000..<150_000, 300_000..<420_000, 600_000..<640_000])
        for chunk in [1, 320, 321, Int(random.unit() * 16_000)] {
            let report = try ParityRun(
                block: model.block, name: "test", names: model.layerNames, boards: [],
                chunk: max(1, chunk)
            ).run(["minute"]) { _ in sound }
            #expect(report.mismatches == [], "chunks of \(chunk)")
            // 3,000 hops, 4 of zeros behind them; a window has 11.
            #expect(report.inferences == (3000 + 4 - 11) / 2 + 1, "chunks of \(chunk)")
        }
    }

    /// The same of layers that go on from rows before the window, and of cells behind kept rows.
    @Test func decisionsGoOnFromThoseBefore() throws {
        let models = [
            (try TestModel.residual(), 6), (try TestModel.convolutionsAndCells(pads: false), 1),
            (try TestModel.convolutionsAndCells(pads: true), 2),
        ]
        let sound =
            TestSound.noise(60_000, amplitude: 9000, seed: 5)
            + TestSound.bursts(100_000, at: [10_000..<15_000, 30_000..<42_000, 60_000..<64_000])
        for (model, layers) in models {
            #expect(model.compiled.graph.streaming?.layers == layers)
            for chunk in [1, 320, 321, 7919] {
                let report = try ParityRun(
                    block: model.block, name: model.name, names: model.layerNames, boards: [],
                    chunk: chunk
                ).run(["sound"]) { _ in sound }
                #expect(report.mismatches == [], "chunks of \(chunk)")
                #expect(report.inferences == (500 + 4 - 11) / 2 + 1, "chunks of \(chunk)")
            }
        }
    }

    /// Where a window says it all, the library's decisions are also those of one that keeps no rows.
    @Test func keptRowsChangeNoState() throws {
        let window = try TestModel.convolutionsAndCells(pads: false, keepsRows: false)
        let rows = try TestModel.convolutionsAndCells(pads: false)
        #expect(window.compiled.graph.streaming == nil)
        let report = try run(window, library: rows.block)
        #expect(report.mismatches == [] && report.inferences > 50)
    }

    /// Eleven seconds of clips, one longer than a piece, pushed by sizes from 1 sample to 1 s.
    static let pieces: [String: [Int16]] = [
        "noise": TestSound.noise(3000, amplitude: 9000, seed: 5),
        "words": TestSound.bursts(170_000, at: [20_000..<29_000, 90_000..<110_000]),
        "clipped": (0..<5001).map { $0 / 13 % 2 == 0 ? 32767 : -32768 },
    ]

    @Test func aStreamIsOneWhole() throws {
        for model in [try TestModel.causal(), try TestModel.mixed()] {
            for chunk in [0, 1, 3200] {
                let report = try ParityRun(
                    block: model.block, name: "test", names: model.layerNames, boards: [],
                    chunk: chunk, isStream: true
                ).run(["noise", "words", "clipped"]) { Self.pieces[$0, default: []] }
                #expect(report.mismatches == [])
                #expect(report.samples == 178_001)
                #expect(report.inferences == (178_001 / 320 - 11) / 2 + 1)
            }
        }
    }

    @Test func aRaisedBiasIsFoundInAStream() throws {
        let model = try TestModel.mixed()
        var block = BlockBytes(model.block)
        block.raise(
            layer: try #require(model.layerNames.firstIndex(of: "pointwise")), channel: 1, by: 1)
        let report = try ParityRun(
            block: model.block, name: "test", names: model.layerNames, boards: [], chunk: 0,
            isStream: true, libraryBlock: block.bytes
        ).run(["noise", "words"]) { Self.pieces[$0, default: []] }
        // The long clip is two pieces; the first one has no inference.
        #expect(report.mismatches.map(\.clip) == ["words", "words"])
    }

    @Test(arguments: [1, -1]) func aRaisedBiasOfAKeptRowIsFound(steps: Int) throws {
        let model = try TestModel.causal()
        let layer = try #require(model.layerNames.firstIndex(of: "depthwise"))
        var block = BlockBytes(model.block)
        block.raise(layer: layer, channel: 1, by: steps)
        let report = try run(model, library: block.bytes, clips: ["noise"])
        #expect(report.mismatches.map(\.stage) == ["layer \(layer) 'depthwise'"])
    }

    /// What keeps rows decides as what does not.
    @Test func bothExecutionsHearTheSame() throws {
        let counts = try [true, false].map { keepsRows in
            let model = try TestModel.causal(keepsRows: keepsRows)
            let report = try run(model, clips: ["bursts"])
            #expect(report.mismatches == [])
            return [report.inferences, report.events]
        }
        #expect(counts[0] == counts[1] && counts[0][0] > 50)
    }

    @Test(arguments: [1, -1]) func aRaisedBiasIsFound(steps: Int) throws {
        let model = try TestModel.mixed()
        let layer = try #require(model.layerNames.firstIndex(of: "pointwise"))
        let channel = 1
        var block = BlockBytes(model.block)
        block.raise(layer: layer, channel: channel, by: steps)
        let report = try run(model, library: block.bytes, clips: ["noise"])
        let found = try #require(report.mismatches.first)
        #expect(report.mismatches.count == 1)
        #expect(found.clip == "noise" && found.target == "host-c")
        #expect(found.stage == "layer \(layer) 'pointwise'")
        let element = try #require(found.element)
        #expect(element % 3 == channel)
        #expect(found.position?.hasSuffix("channel \(channel)") == true)
        let values = [found.expected, found.found].compactMap { Int($0) }
        #expect(values.count == 2 && values[1] - values[0] == steps)
    }

    @Test func everyClipThatDiffersIsCounted() throws {
        let model = try TestModel.loudness()
        let layer = try #require(model.layerNames.firstIndex(of: "dense"))
        var block = BlockBytes(model.block)
        block.raise(layer: layer, channel: 1, by: 3)
        let report = try run(model, library: block.bytes)
        // "short" has no inference, hence nothing to differ in; saturated outputs stay the same.
        #expect(report.mismatches.count >= 2)
        #expect(!report.mismatches.contains { $0.clip == "short" })
        #expect(report.mismatches.allSatisfy { $0.stage == "layer \(layer) 'dense'" })
        #expect(report.json.text.contains("\"mismatches\": \(report.mismatches.count)"))
    }

    @Test func anotherThresholdIsADifferenceOfEvents() throws {
        let model = try TestModel.loudness()
        var block = BlockBytes(model.block)
        let detector = Int(block.word(56))
        let keyword = Int(block.word(detector + 8))
        block.set(keyword, block.word(keyword) & 0xFFFF | 65535 << 16)
        block.seal()
        let report = try run(model, library: block.bytes, clips: ["quiet", "bursts"])
        #expect(report.mismatches.map(\.clip) == ["bursts"])
        #expect(report.mismatches.first?.stage == "event 0")
        #expect(report.mismatches.first?.found == "none")
    }

    @Test func brokenBlocksAndNoClipsAreRefused() throws {
        let model = try TestModel.loudness()
        var block = BlockBytes(model.block)
        block.flip(bit: 500)
        #expect(throws: EvaluationError.self) { try run(model, library: block.bytes) }
        #expect(throws: EvaluationError.self) { try run(model, clips: []) }
        #expect(throws: EvaluationError.self) {
            try ParityRun(block: [], name: "empty", boards: [])
        }
    }
}
