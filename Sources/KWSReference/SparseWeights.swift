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
        var table = SparseTable(block, layer)
        switch kernel {
        case .denseGaps, .pointwiseGaps:
            for o in 0..<outputs where !table.isBad {
                table.takeGaps(of: columns) { k, weight in visit(o, k, weight) }
            }
        default:
            for o in stride(from: 0, to: outputs, by: 4) {
                for first in stride(from: 0, to: columns, by: 255) where !table.isBad {
                    readWindow(o, first, &table, visit)
                }
            }
        }
        return table.isRead
    }

    private func readWindow(
        _ o: Int, _ first: Int, _ table: inout SparseTable, _ visit: (Int, Int, Int8) -> Void
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
