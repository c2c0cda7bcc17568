// SPDX-License-Identifier: Apache-2.0
//
// Goal: host and every emulated core agree to the byte, C and Swift, and a planted difference is
// located on a board as on the host. Method: the Parity firmware under QEMU; skipped where the
// images are not built (Toolchains/run firmware builds them).

import Foundation
import KWSEvaluate
import KWSTestModels
import Testing

private let withPool = EmulatedBoard.all.filter(\.hasPool)
private let boards = withPool.compactMap { try? ParityBoard.find($0.name) }

@Suite(
    .enabled(
        if: boards.count == withPool.count
            && FileManager.default.isExecutableFile(atPath: "/usr/bin/qemu-system-arm"),
        "needs the Parity firmware (Toolchains/run firmware) and qemu-system-arm"))
struct DeviceParityTests {
    /// - Parameter spoil: what is done to the library's blocks, here and on the board.
    func run(
        _ model: TestModel, on board: ParityBoard, spoil: ([UInt8]) -> [UInt8] = { $0 }
    ) throws -> ParityReport {
        try ParityRun(
            block: model.block, name: "test", names: model.layerNames,
            boards: [board],
            libraryBlock: spoil(model.block),
            deviceBlock: { spoil(model.block(forCore: $0.core)) }
        ).run(["quiet", "noise", "bursts", "clipped"]) { HostParityTests.clips[$0, default: []] }
    }

    @Test(arguments: boards) func boardAndHostAgree(board: ParityBoard) throws {
        let others = try TestModel.otherFeatures().map { try TestModel.mixed(hearing: $0) }
        let own = [
            try TestModel.loudness(), try TestModel.mixed(), try TestModel.causal(),
            try TestModel.cells(),
        ]
        for model in own + others {
            let report = try run(model, on: board)
            #expect(report.mismatches == [])
            #expect(report.targets == ["host-c", "\(board.core)-c", "\(board.core)-swift"])
        }
    }

    /// A stream of eleven seconds, pushed by sizes from 1 sample to 1 s, by windows and by rows.
    @Test(arguments: boards) func boardAndHostHearTheSameStream(board: ParityBoard) throws {
        for model in [try TestModel.mixed(), try TestModel.causal()] {
            let report = try ParityRun(
                block: model.block, name: "test", names: model.layerNames, boards: [board],
                chunk: 0, isStream: true, deviceBlock: { model.block(forCore: $0.core) }
            ).run(["noise", "words", "clipped"]) { HostParityTests.pieces[$0, default: []] }
            #expect(report.mismatches == [])
            #expect(report.targets == ["host-c", "\(board.core)-c"])
            #expect(report.inferences > 250)
        }
    }

    @Test func aRaisedBiasIsLocatedOnTheBoard() throws {
        let model = try TestModel.mixed()
        let layer = try #require(
            model.layerNames.firstIndex(of: "pointwise"))
        let board = try #require(boards.first { $0.core == "cortex-m4" })
        let report = try run(model, on: board) { bytes in
            var block = BlockBytes(bytes)
            block.raise(layer: layer, channel: 2, by: 1)
            return block.bytes
        }
        for target in ["host-c", "cortex-m4-c", "cortex-m4-swift"] {
            let found = try #require(report.mismatches.first { $0.target == target })
            #expect(found.stage == "layer \(layer) 'pointwise'")
        }
        let first = try #require(report.mismatches.first { $0.target == "cortex-m4-c" })
        #expect((first.element ?? 0) % 3 == 2)
        let values = [first.expected, first.found].compactMap { Int($0) }
        #expect(values.count == 2 && values[1] - values[0] == 1)
    }
}

@Suite struct BoardTests {
    @Test func aMissingImageSaysHowToBuildIt() {
        let error = #expect(throws: EvaluationError.self) {
            try ParityBoard.find("mps2-an386", folder: "/no/such/folder")
        }
        #expect(error?.kind == .noSuchFile)
        #expect(error?.fact.contains("Toolchains/run firmware") == true)
        #expect(throws: EvaluationError.self) { try ParityBoard.find("toaster") }
    }
}
