// SPDX-License-Identifier: Apache-2.0

// Goal: CRC32 is the CRC-32 of IEEE 802.3, in any number of pieces; PositionChecksum sees every
// single wrong value and no order.
// Method: the register shifted bit by bit, the published check value; the mixes of 2^20 positions
// and values are counted.

internal import KWSNumerics
internal import Testing

@Suite struct ChecksumTests {
    /// One bit at a time, as the standard draws it.
    static func bitwise(_ bytes: [UInt8]) -> UInt32 {
        var register = UInt32.max
        for byte in bytes {
            for bit in 0..<8 {
                let out = (register ^ UInt32(byte >> bit)) & 1
                register >>= 1
                if out == 1 { register ^= 0xEDB8_8320 }
            }
        }
        return register ^ UInt32.max
    }

    @Test func crcHasTheCheckValue() {
        let digits: [UInt8] = Array("123456789".utf8)
        #expect(digits.withUnsafeBytes { CRC32.of($0) } == 0xCBF4_3926)
        #expect(CRC32().value == 0)
    }

    @Test(arguments: [UInt64(5)]) func crcOfPiecesIsThatOfTheWhole(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for count in 0..<300 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let cut = Int.random(in: 0...count, using: &random)
            var crc = CRC32()
            Array(bytes[..<cut]).withUnsafeBytes { crc.add($0) }
            Array(bytes[cut...]).withUnsafeBytes { crc.add($0) }
            #expect(crc.value == Self.bitwise(bytes), "seed \(seed), \(count) bytes cut at \(cut)")
        }
    }

    @Test func mixIsOneToOne() {
        var seen = Set<UInt32>()
        let starts: [UInt32] = [0, 1 << 23, (1 << 24) - 1024]
        for start in starts {
            for p in start..<start + 1024 {
                for value in UInt8.min...UInt8.max {
                    seen.insert(PositionChecksum.mix(position: p, value: value))
                }
            }
        }
        #expect(seen.count == 3 * 1024 * 256)
    }

    @Test(arguments: [UInt64(6)]) func orderOfRowsDoesNotMatter(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let (rows, count) = (31, 17)
        let values = (0..<rows * count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var whole = PositionChecksum()
        values.withUnsafeBufferPointer { whole.add(firstPosition: 0, values: $0) }
        for _ in 0..<20 {
            var shuffled = PositionChecksum()
            for row in (0..<rows).shuffled(using: &random) {
                Array(values[row * count..<(row + 1) * count]).withUnsafeBufferPointer {
                    shuffled.add(firstPosition: UInt32(row * count), values: $0)
                }
            }
            #expect(shuffled == whole, "seed \(seed)")
        }
    }

    @Test(arguments: [UInt64(7)]) func swapsAndChangesShow(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let values = (0..<500).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        func sum(_ values: [UInt8]) -> UInt32 {
            var checksum = PositionChecksum()
            values.withUnsafeBufferPointer { checksum.add(firstPosition: 0, values: $0) }
            return checksum.value
        }
        let right = sum(values)
        for index in values.indices {
            var changed = values
            changed[index] &+= 1
            #expect(sum(changed) != right, "seed \(seed), element \(index)")
            var swapped = values
            swapped.swapAt(index, 250)
            #expect(
                sum(swapped) != right || values[index] == values[250],
                "seed \(seed), element \(index)")
        }
        #expect(PositionChecksum().value == 0)
    }
}
