// SPDX-License-Identifier: Apache-2.0
//
// Goal: of blocks that lie about rows that are kept, library and reference accept the same ones.
// Method: fields of the header, tensors and layers of a network with branches and rows before the
// window, each with small and large values; the checksum is made right.

import KWSEvaluate
import KWSNumerics
import KWSTestModels
import Testing

struct LyingStreamTests {
    @Test func bothRefuseTheSame() throws {
        let block = try TestModel.residual().block
        func half(_ at: Int) -> Int { Int(block[at]) | Int(block[at + 1]) << 8 }
        let (tensors, layers) = (half(40), half(44))
        func tensor(_ field: Int) -> [Int] { (0..<8).map { tensors + 16 * $0 + field } }
        func layer(_ field: Int) -> [Int] { (0..<7).map { layers + 48 * $0 + field } }
        // Streamed layers, hop, kept bytes; height, slots, phase; kernel, stride and padding along time.
        var shapes = [30, 64, 60]
        for field in [0, 8, 10] { shapes += tensor(field) }
        for field in [10, 14, 18] { shapes += layer(field) }
        // Where tensors lie and who reads them: what overlaps in the arena is nothing to the reference.
        let places = tensor(12) + layer(4) + layer(6) + layer(8)
        var accepted = 0
        for (number, field) in (shapes + places).enumerated() {
            let was = half(field)
            for value in Set([
                was, 0, 1, 2, 3, 4, 5, 6, 7, was + 1, was - 1, was + 4, 0x7FFF, 0xFFFF,
            ]) {
                var lying = block
                (lying[field], lying[field + 1]) = (UInt8(value & 255), UInt8(value >> 8 & 255))
                let sum = lying.withUnsafeBytes { CRC32.of(.init(rebasing: $0[16...])) }
                for byte in 0..<4 { lying[12 + byte] = UInt8(sum >> UInt32(8 * byte) & 255) }
                let library = (try? LoadedBlock(lying, name: "lying")) != nil
                let reference = (try? ReferenceBlock(lying, name: "lying")) != nil
                #expect(!library || reference, "\(value) at \(field)")
                if number < shapes.count { #expect(library || !reference, "\(value) at \(field)") }
                accepted += library ? 1 : 0
            }
        }
        // Their own values at least.
        #expect(accepted > shapes.count)
    }
}
