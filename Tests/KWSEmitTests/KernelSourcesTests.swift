// SPDX-License-Identifier: Apache-2.0
//
// Goal: `kwsc compile` hands out the library as it is in the checkout, and enough of it.
// Method: the embedded files are compared with the folders; the files handed out for each kernel
// must contain whatever they include.

import Foundation
import KWSEmit
import KWSGraph
import Testing

struct KernelSourcesTests {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func theEmbeddedTextIsTheCheckout() throws {
        var expected: [String: [UInt8]] = [:]
        for folder in ["Include", "Sources/CKWS"] {
            let url = root.appendingPathComponent(folder)
            for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
            where name.hasSuffix(".c") || name.hasSuffix(".h") {
                expected[name] = [UInt8](try Data(contentsOf: url.appendingPathComponent(name)))
            }
        }
        // The instrumented twin of the operators serves this project's tests only.
        expected["kws_fixed_checked.h"] = nil
        let embedded = KernelFiles.all
        #expect(embedded.map(\.name) == expected.keys.sorted())
        for file in embedded {
            #expect(file.bytes == expected[file.name], "\(file.name)")
        }
    }

    @Test(arguments: KernelID.all, KernelVariant.all.map(\.name))
    func everyIncludeIsHandedOut(kernel: KernelID, variant: String) throws {
        let files = KernelFiles(
            for: [kernel], of: try #require(KernelVariant.all.first { $0.name == variant })
        ).files
        let names = Set(files.map(\.name))
        #expect(names.contains("kws.h"))
        for file in files {
            for line in String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
            where line.hasPrefix("#include \"") && !line.contains("kws_fixed_checked.h") {
                let included = String(line.dropFirst(10).prefix { $0 != "\"" })
                #expect(names.contains(included), "\(file.name) includes \(included)")
            }
        }
    }

    @Test func kernelsThatNobodyNeedsStayOut() {
        let names = KernelFiles(for: [.layer(.dense, weightBits: 8)], of: .v7m).files
            .map(\.name)
        #expect(names.contains("dense_ref.c"))
        #expect(!names.contains("conv_ref.c") && !names.contains("fft.c"))
        #expect(!names.contains("model_load.c"))
        #expect(names.contains("dense_v7m.c"))
        #expect(!names.contains("dense_mve.c") && !names.contains("matrix_dsp.h"))
    }
}
