// SPDX-License-Identifier: Apache-2.0

/// Blocks at offsets such that those that are live together lie apart.
///
/// First fit in several orders; while the bytes live at once are not reached, the block that ends
/// last comes first in a further try, and for few blocks all orders are tried. Deterministic.
struct Packing {
    let placed: [(block: Liveness.Block, offset: Int)]
    let bytes: Int

    init(_ liveness: Liveness) {
        var blocks = liveness.blocks
        let bound = liveness.peak
        var best = Packing(inOrder: blocks)
        func attempt(_ order: [Liveness.Block]) -> Packing {
            let packing = Packing(inOrder: order)
            if packing.bytes < best.bytes { best = packing }
            return packing
        }
        for order in Packing.orders(blocks) where best.bytes > bound {
            var (order, packing) = (order, attempt(order))
            for _ in 0..<min(32, blocks.count) where best.bytes > bound {
                guard let top = packing.last,
                    let place = order.firstIndex(where: { $0.content == top.content })
                else { break }
                order.insert(order.remove(at: place), at: 0)
                packing = attempt(order)
            }
        }
        if best.bytes > bound, blocks.count <= 7 {
            Packing.permute(&blocks, from: 0) { order in
                _ = attempt(order)
                return best.bytes > bound
            }
        }
        self = best
    }

    /// First fit: each block at the lowest offset that no earlier block of an overlapping lifetime
    /// occupies. What outlasts a decision comes before all others, at the end of it the largest slot
    /// for a newest row, which is free between decisions.
    private init(inOrder order: [Liveness.Block]) {
        func freeBytes(_ block: Liveness.Block) -> Int {
            // The counts lie at the arena's beginning.
            block.content == .counts ? -1 : block.bytes - block.keptEnd
        }
        let kept = order.filter { $0.keptEnd > 0 }.sorted { freeBytes($0) < freeBytes($1) }
        let blocks = kept + order.filter { $0.keptEnd == 0 }
        var placed: [(block: Liveness.Block, offset: Int)] = []
        var bytes = 0
        for block in blocks {
            var offset = 0
            let rivals = placed.filter { $0.block.overlaps(block) }.sorted { $0.offset < $1.offset }
            // Each conflict moves the block up as far as it must go at least.
            while let free = Packing.next(offset, block, rivals) { offset = free }
            placed.append((block, offset))
            bytes = max(bytes, offset + block.bytes)
        }
        (self.placed, self.bytes) = (placed, bytes)
    }

    /// The least offset above one at which a first conflict with blocks in place is solved; nil if
    /// there is none.
    private static func next(
        _ offset: Int, _ block: Liveness.Block,
        _ rivals: [(block: Liveness.Block, offset: Int)]
    ) -> Int? {
        for rival in rivals {
            for theirs in rival.block.pieces {
                for ours in block.pieces
                where ours.first <= theirs.last && theirs.first <= ours.last
                    && offset + ours.begin < rival.offset + theirs.end
                    && rival.offset + theirs.begin < offset + ours.end
                {
                    return rival.offset + theirs.end - ours.begin
                }
            }
        }
        return nil
    }

    /// Where what outlasts a decision ends.
    var keptBytes: Int {
        placed.reduce(0) { $1.block.keptEnd > 0 ? max($0, $1.offset + $1.block.keptEnd) : $0 }
    }

    /// The block that ends last.
    private var last: Liveness.Block? {
        placed.first { $0.offset + $0.block.bytes == bytes }?.block
    }

    private static func orders(_ blocks: [Liveness.Block]) -> [[Liveness.Block]] {
        [
            blocks.sorted { $0.bytes > $1.bytes },
            blocks.sorted { ($0.last - $0.first, $0.bytes) > ($1.last - $1.first, $1.bytes) },
            blocks.sorted { $0.last > $1.last },
            blocks.sorted { ($0.first, $1.bytes) < ($1.first, $0.bytes) },
        ]
    }

    /// Visits orders until `visit` returns false.
    @discardableResult
    private static func permute(
        _ blocks: inout [Liveness.Block], from start: Int, visit: ([Liveness.Block]) -> Bool
    ) -> Bool {
        if start == blocks.count { return visit(blocks) }
        for other in start..<blocks.count {
            blocks.swapAt(start, other)
            defer { blocks.swapAt(start, other) }
            if !permute(&blocks, from: start + 1, visit: visit) { return false }
        }
        return true
    }
}
