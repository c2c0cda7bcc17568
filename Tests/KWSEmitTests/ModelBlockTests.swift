// SPDX-License-Identifier: Apache-2.0
//
// Goal: a block says what SPEC.md and kws_model.h say, the same bytes every time, and the C tables
// carry exactly the block.
// Method: the library itself checks the block (with the size it computes on its own); fields are
// read back at the offsets of kws_model.h; the numbers in the C source are parsed.

import CKWS
import KWSEmit
import KWSTestModels
import Testing

struct ModelBlockTests {
    @Test func theLibraryAcceptsItAndAgreesOnTheSize() throws {
        let models = try [
            TestModel.loudness(), .causal(), .causal(contrast: 0), .causal(keepsRows: false),
        ]
        for model in models {
            let bytes = ModelBlock(model.compiled).bytes
            let size = InstanceSize(model.compiled).modelBytes
            try bytes.withAlignedCopy { block in
                var loaded = kws_model()
                kws_model_load(&loaded, block, UInt32(bytes.count))
                #expect(kws_model_check(&loaded) == KWS_OK)
                let instance = 3 * MemoryLayout<UnsafeRawPointer>.size + 60
                #expect(kws_required_size(&loaded) == instance + size)
            }
        }
    }

    @Test func theSameModelGivesTheSameBytes() throws {
        let first = try TestModel.loudness()
        let second = try TestModel.loudness()
        #expect(ModelBlock(first.compiled).bytes == ModelBlock(second.compiled).bytes)
        let texts = [first, second].map {
            CTables($0.compiled, ModelBlock($0.compiled), toolVersion: "1").source
        }
        #expect(texts[0] == texts[1])
    }

    @Test func headerFieldsLieWhereTheSeamSays() throws {
        let model = try TestModel.loudness()
        let bytes = ModelBlock(model.compiled).bytes
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
        }
        #expect(Array(bytes[0..<4]) == Array("KWSM".utf8))
        #expect(word(8) == UInt32(bytes.count))
        #expect(word(20) == UInt32(model.compiled.plan.arenaBytes))
        #expect(word(24) >> 16 == UInt32(model.compiled.graph.layers.count))
        #expect(bytes.count % 4 == 0)
    }

    @Test func theCSourceCarriesTheBlock() throws {
        let model = try TestModel.loudness()
        let block = ModelBlock(model.compiled)
        let source = CTables(model.compiled, block, toolVersion: "1").source
        let body = source.split(separator: "{", maxSplits: 1)[1].split(separator: "}")[0]
        var numbers: [UInt8] = []
        for line in body.split(separator: "\n") where !line.contains("/*") {
            numbers += line.split(separator: ",").compactMap {
                UInt8($0.trimmingPrefix { $0 == " " })
            }
        }
        // C fills the array up to its size with zeros.
        let padded = numbers + Array(repeating: 0, count: block.bytes.count - numbers.count)
        let isSame = padded == block.bytes && block.bytes.count - numbers.count < 4
        #expect(isSame)
        for line in source.split(separator: "\n") { #expect(line.count <= 100) }
        for kernel in block.kernels { #expect(source.contains("&\(kernel.symbol),")) }
    }
}

extension [UInt8] {
    func withAlignedCopy(_ body: (UnsafeRawPointer) throws -> Void) rethrows {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 4)
        defer { memory.deallocate() }
        memory.copyBytes(from: self)
        if let base = memory.baseAddress { try body(UnsafeRawPointer(base)) }
    }
}
