// SPDX-License-Identifier: Apache-2.0

/// The stored bytes of a layer's sparse weights, taken one after the other.
struct SparseTable {
    private let block: Block
    private let weightBits: Int
    private var next: Int
    private let end: Int
    /// Whether something lay behind the end, or not where it should.
    var isBad = false

    init(_ block: Block, _ layer: LayerRecord) {
        self.block = block
        weightBits = layer.weightBits
        next = layer.weightsOffset
        end = layer.weightsOffset + layer.weightsBytes
    }

    /// Was all sound, and is nothing left?
    var isRead: Bool { !isBad && next == end }

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

    /// The runs of GAPS of an output of so many columns.
    mutating func takeGaps(
        of columns: Int, _ visit: (_ column: Int, _ weight: Int8) -> Void
    ) {
        var k = -1
        var count = 255
        while count == 255, !isBad {
            count = take()
            for _ in 0..<count {
                let first = take()
                var weight = first
                if weightBits == 8 {
                    k += first + 1
                    weight = take()
                    weight -= weight < 128 ? 0 : 256
                } else {
                    k += first >> weightBits + 1
                    let sign = 1 << (weightBits - 1)
                    weight = first & (2 * sign - 1)
                    weight -= weight < sign ? 0 : 2 * sign
                }
                if k >= columns { isBad = true }
                if isBad { return }
                visit(k, Int8(truncatingIfNeeded: weight))
            }
        }
    }
}
