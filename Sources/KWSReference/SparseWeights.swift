// SPDX-License-Identifier: Apache-2.0

/// Tables of DENSE and POINTWISE without most weights of 0: SPEC.md section 4.3.
struct SparseWeights {
    let block: Block
    let kernel: KernelID
    let layer: LayerRecord
    let outputs: Int
    /// Values an output, one at least.
    let columns: Int

    /// Does the table end where it should, and name columns that are there, in their order?
    var isSound: Bool { read { _, _, _ in } }

    /// Visits what is stored until something is wrong; false if so.
    func read(_ visit: (_ output: Int, _ column: Int, _ weight: Int8) -> Void) -> Bool {
        var table = Table(
            block: block, next: layer.weightsOffset,
            end: layer.weightsOffset + layer.weightsBytes)
        switch kernel {
        case .denseGaps, .pointwiseGaps:
            for o in 0..<outputs where !table.isBad { readOutput(o, &table, visit) }
        default:
            for o in stride(from: 0, to: outputs, by: 4) {
                for first in stride(from: 0, to: columns, by: 255) where !table.isBad {
                    readWindow(o, first, &table, visit)
                }
            }
        }
        return !table.isBad && table.next == table.end
    }

    /// Bytes of a block up to an end.
    private struct Table {
        let block: Block
        var next: Int
        let end: Int
        var isBad = false

        /// The next byte, 0 behind the end.
        mutating func take() -> Int {
            guard next < end else {
                isBad = true
                return 0
            }
            next += 1
            return block.u8(next - 1)
        }

        /// Where the next bytes begin.
        mutating func skip(_ bytes: Int) -> Int {
            guard bytes <= end - next else {
                isBad = true
                return next
            }
            next += bytes
            return next - bytes
        }
    }

    private func readOutput(
        _ o: Int, _ table: inout Table, _ visit: (Int, Int, Int8) -> Void
    ) {
        var k = -1
        var count = 255
        while count == 255, !table.isBad {
            count = table.take()
            for _ in 0..<count {
                let first = table.take()
                var weight = first
                if layer.weightBits == 8 {
                    k += first + 1
                    weight = table.take()
                    weight -= weight < 128 ? 0 : 256
                } else {
                    k += first >> layer.weightBits + 1
                    let sign = 1 << (layer.weightBits - 1)
                    weight = first & (2 * sign - 1)
                    weight -= weight < sign ? 0 : 2 * sign
                }
                if k >= columns { table.isBad = true }
                if table.isBad { return }
                visit(o, k, Int8(truncatingIfNeeded: weight))
            }
        }
    }

    private func readWindow(
        _ o: Int, _ first: Int, _ table: inout Table, _ visit: (Int, Int, Int8) -> Void
    ) {
        let count = table.take()
        let indices = table.skip(count)
        let values = table.skip((count * layer.weightBits + 1) / 2)
        if table.isBad { return }
        var before = -1
        for l in 0..<count {
            let k = block.u8(indices + l)
            guard before < k, k < min(255, columns - first) else {
                table.isBad = true
                return
            }
            before = k
            for i in 0..<4 where o + i < outputs {
                let v = value(i, l, count, values) - (1 << (layer.weightBits - 1))
                visit(o + i, first + k, Int8(truncatingIfNeeded: v))
            }
        }
    }

    /// The stored value of output `i` of four in block `l` of `count`.
    private func value(_ i: Int, _ l: Int, _ count: Int, _ values: Int) -> Int {
        switch layer.weightBits {
        case 8: return block.u8(values + i * count + l)
        case 4: return block.u8(values + i / 2 * count + l) >> (i % 2 * 4) & 15
        default:
            let low = block.u8(values + l) >> (2 * i) & 3
            guard layer.weightBits == 3 else { return low }
            return low | (block.u8(values + count + l / 2) >> (l % 2 * 4 + i) & 1) << 2
        }
    }
}
