// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Places activations and scratch in one arena.
///
/// Tensors that a kernel can compute in place (SPEC.md 4.1) share a buffer. Buffers whose lifetimes
/// overlap are packed by first fit in several orders, then, if the bytes live at once are not reached
/// yet, by an exhaustive search over orders for small graphs.
package struct PlanMemory {
    package init() {}

    package func callAsFunction(_ graph: QuantGraph) -> MemoryPlan {
        var blocks = Liveness(graph).blocks
        let bound = Liveness.peak(blocks)
        var best = pack(blocks)
        for order in orders(blocks) where best.bytes > bound {
            let candidate = pack(order)
            if candidate.bytes < best.bytes { best = candidate }
        }
        if best.bytes > bound, blocks.count <= 8 {
            permute(&blocks, from: 0) { order in
                let candidate = pack(order)
                if candidate.bytes < best.bytes { best = candidate }
                return best.bytes > bound
            }
        }
        return plan(graph, best, bound)
    }

    private func orders(_ blocks: [Liveness.Block]) -> [[Liveness.Block]] {
        [
            blocks.sorted { $0.bytes > $1.bytes },
            blocks.sorted { $0.last - $0.first > $1.last - $1.first },
            blocks.sorted { $0.last > $1.last },
            blocks.sorted { ($0.first, $1.bytes) < ($1.first, $0.bytes) },
        ]
    }

    /// First fit: each block at the lowest offset that no earlier block of an overlapping lifetime
    /// occupies.
    private func pack(
        _ blocks: [Liveness.Block]
    ) -> (placed: [(block: Liveness.Block, offset: Int)], bytes: Int) {
        var placed: [(block: Liveness.Block, offset: Int)] = []
        var bytes = 0
        for block in blocks {
            var offset = 0
            let rivals = placed.filter { $0.block.overlaps(block) }.sorted { $0.offset < $1.offset }
            for rival in rivals where rival.offset < offset + block.bytes {
                offset = max(offset, rival.offset + rival.block.bytes)
            }
            placed.append((block, offset))
            bytes = max(bytes, offset + block.bytes)
        }
        return (placed, bytes)
    }

    /// Visits orders until `visit` returns false.
    @discardableResult
    private func permute(
        _ blocks: inout [Liveness.Block], from start: Int,
        visit: ([Liveness.Block]) -> Bool
    ) -> Bool {
        if start == blocks.count { return visit(blocks) }
        for other in start..<blocks.count {
            blocks.swapAt(start, other)
            defer { blocks.swapAt(start, other) }
            if !permute(&blocks, from: start + 1, visit: visit) { return false }
        }
        return true
    }

    private func plan(
        _ graph: QuantGraph,
        _ packed: (placed: [(block: Liveness.Block, offset: Int)], bytes: Int), _ bound: Int
    ) -> MemoryPlan {
        var tensors = graph.tensors.map { MemoryPlan.Range(offset: 0, bytes: $0.elements) }
        var scratch: [MemoryPlan.Range?] = graph.layers.map { _ in nil }
        for (block, offset) in packed.placed {
            for tensor in block.tensors {
                tensors[tensor].offset = offset
            }
            if let layer = block.scratchOf {
                scratch[layer] = MemoryPlan.Range(offset: offset, bytes: block.bytes)
            }
        }
        return MemoryPlan(
            tensors: tensors, scratch: scratch, arenaBytes: packed.bytes, lowerBound: bound)
    }
}
