// SPDX-License-Identifier: Apache-2.0

/// A matrix of weights without most of its zeros: SPEC.md section 4.3.
package struct SparseTables {
    private let matrix: WeightMatrix
    /// Columns of a window of blocks.
    package static let window = 255
    /// Entries of a run of gaps.
    private static let run = 255

    package init(_ matrix: WeightMatrix) {
        self.matrix = matrix
    }

    private func weight(_ o: Int, _ k: Int) -> Int8 {
        o < matrix.outputs ? matrix.values[o * matrix.columns + k] : 0
    }

    /// Entries of GAPS.
    package var entryCount: Int {
        (0..<matrix.outputs).reduce(0) { $0 + entries(of: $1).count }
    }

    /// Blocks of BLOCKS.
    package var blockCount: Int {
        stride(from: 0, to: matrix.outputs, by: 4).reduce(0) { count, o in
            count + (0..<matrix.columns).count { k in isKept(o, k) }
        }
    }

    /// Whether one of four outputs has a weight.
    private func isKept(_ o: Int, _ k: Int) -> Bool {
        (o..<o + 4).contains { weight($0, k) != 0 }
    }

    /// Single weights, each with the gap before it.
    package var gaps: [UInt8] {
        (0..<matrix.outputs).flatMap { runs(of: entries(of: $0)) }
    }

    /// The entries of an output; weights of 0 divide gaps that are too long.
    private func entries(of output: Int) -> [[UInt8]] {
        let bits = matrix.bits
        let longest = bits == 8 ? 255 : 255 >> bits
        var entries: [[UInt8]] = []
        func add(gap: Int, _ weight: Int8) {
            let value = UInt8(bitPattern: weight)
            entries.append(
                bits == 8
                    ? [UInt8(gap), value] : [UInt8(gap) << UInt8(bits) | value & ((1 << bits) - 1)])
        }
        var next = 0
        for k in 0..<matrix.columns where weight(output, k) != 0 {
            while k - next > longest {
                add(gap: longest, 0)
                next += longest + 1
            }
            add(gap: k - next, weight(output, k))
            next = k + 1
        }
        return entries
    }

    /// The last run is shorter than the longest possible one.
    private func runs(of entries: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for first in stride(from: 0, through: entries.count, by: Self.run) {
            let run = entries[first..<min(first + Self.run, entries.count)]
            bytes += [UInt8(run.count)] + run.joined()
        }
        return bytes
    }

    /// Columns of four outputs.
    package var blocks: [UInt8] {
        var bytes: [UInt8] = []
        for o in stride(from: 0, to: matrix.outputs, by: 4) {
            for first in stride(from: 0, to: matrix.columns, by: Self.window) {
                let columns = (first..<min(first + Self.window, matrix.columns))
                    .filter { isKept(o, $0) }
                bytes.append(UInt8(columns.count))
                bytes += columns.map { UInt8($0 - first) }
                bytes += values(o, columns)
            }
        }
        return bytes
    }

    /// The values of blocks, part by part.
    private func values(_ o: Int, _ columns: [Int]) -> [UInt8] {
        let offset = 1 << (matrix.bits - 1)
        // v of outputs a, b, c, d, block by block.
        let blocks = columns.map { k in
            (o..<o + 4).map { UInt8(truncatingIfNeeded: Int(weight($0, k)) + offset) }
        }
        switch matrix.bits {
        case 8: return (0..<4).flatMap { output in blocks.map { $0[output] } }
        case 4: return blocks.map { $0[0] | $0[1] << 4 } + blocks.map { $0[2] | $0[3] << 4 }
        default:
            let low = blocks.map { $0.reversed().reduce(0) { $0 << 2 | $1 & 3 } }
            guard matrix.bits == 3 else { return low }
            var high = BitStream()
            for value in blocks.joined() { high.append(value >> 2, bits: 1) }
            return low + high.bytes
        }
    }
}
