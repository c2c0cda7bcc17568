// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// Chooses which layers take turns, and places activations and scratch in one arena.
///
/// Chains are parts of maximal runs, several of a run if need be: those that make the arena smallest,
/// and none where whole tensors are as small. Tensors that a kernel can compute in place (SPEC.md
/// 4.1) share a buffer; buffers are packed by `Packing`.
package struct PlanMemory {
    private let variant: KernelVariant

    package init(_ variant: KernelVariant = .portable) {
        self.variant = variant
    }

    /// A plan without chains, to compare with.
    package static func whole(
        _ graph: QuantGraph, _ variant: KernelVariant = .portable
    ) -> MemoryPlan {
        Candidate(Liveness(Placement(graph, variant, chains: []))).plan
    }

    package func callAsFunction(_ graph: QuantGraph) -> MemoryPlan {
        let parts = Chains(graph).maximal.flatMap { Chains.parts(of: $0) }
        func liveness(_ chains: [ClosedRange<Int>]) -> Liveness {
            Liveness(Placement(graph, variant, chains: chains))
        }
        var chosen: [ClosedRange<Int>] = []
        var best = Candidate(liveness([]))
        // Adds parts, in place of those that they overlap, as long as that helps. Where two places need
        // as many bytes, a first step leaves the arena as it is and the sum over all layers smaller.
        for _ in 0..<16 {
            let before = chosen
            for part in parts {
                let other = before.filter { !$0.overlaps(part) } + [part]
                let live = liveness(other)
                guard live.peak <= best.packing.bytes else { continue }
                let found = Candidate(live)
                if found.cost < best.cost { (best, chosen) = (found, other) }
            }
            if chosen == before { break }
        }
        // Chains that save nothing go.
        for part in chosen {
            let other = chosen.filter { $0 != part }
            let found = Candidate(liveness(other))
            if found.packing.bytes <= best.packing.bytes { (best, chosen) = (found, other) }
        }
        return best.plan
    }
}

/// One choice of chains and what becomes of it.
private struct Candidate {
    let liveness: Liveness
    let packing: Packing

    init(_ liveness: Liveness) {
        self.liveness = liveness
        packing = Packing(liveness)
    }

    private var placement: Placement { liveness.placement }

    /// Bytes of the arena, then what is live over all layers, large peaks counting more.
    var cost: (Int, Int) { (packing.bytes, liveness.profile) }

    var plan: MemoryPlan {
        let graph = placement.graph
        var tensors = graph.tensors.enumerated().map { index, tensor in
            MemoryPlan.Range(
                offset: 0, bytes: placement.places[index].slots.rows * tensor.rowBytes)
        }
        var scratch: [MemoryPlan.Range?] = graph.layers.map { _ in nil }
        var progress = MemoryPlan.Range(offset: 0, bytes: 0)
        var lifetimes: [MemoryPlan.Lifetime] = []
        func note(
            _ name: String, _ kind: MemoryPlan.Lifetime.Kind, _ range: MemoryPlan.Range,
            _ first: Int, _ last: Int
        ) {
            lifetimes.append(
                .init(
                    name: name, kind: kind, range: range,
                    steps: first...min(last, graph.layers.count - 1)))
        }
        for (block, offset) in packing.placed {
            switch block.content {
            case .tensors(let members):
                for tensor in members {
                    tensors[tensor].offset = offset + block.root + placement.places[tensor].offset
                    let (rows, height) = (
                        placement.places[tensor].slots.rows, graph.tensors[tensor].height
                    )
                    let isKept = placement.kept.contains(tensor)
                    note(
                        graph.tensors[tensor].name,
                        isKept || rows < height ? .rows(rows, of: height) : .tensor,
                        tensors[tensor], isKept ? -1 : placement.first[tensor],
                        isKept ? graph.layers.count : placement.last[tensor])
                }
            case .scratch(let layer):
                scratch[layer] = .init(offset: offset, bytes: block.bytes)
                note(
                    "scratch of \(graph.layers[layer].name)", .scratch,
                    .init(offset: offset, bytes: block.bytes), block.first, block.last)
            case .progress:
                progress = .init(offset: offset, bytes: block.bytes)
                note("progress", .progress, progress, block.first, block.last)
            case .counts:
                note(
                    "rows to come", .progress, .init(offset: offset, bytes: block.bytes),
                    block.first, block.last)
            }
        }
        return MemoryPlan(
            tensors: tensors, slots: placement.places.map(\.slots), scratch: scratch,
            chained: graph.layers.indices.map { index in
                placement.chain[index].map { $0.lowerBound < index } ?? false
            },
            progress: progress, arenaBytes: packing.bytes, keptBytes: packing.keptBytes,
            lowerBound: liveness.peak,
            lifetimes: lifetimes.sorted {
                ($0.steps.lowerBound, $0.range.offset) < ($1.steps.lowerBound, $1.range.offset)
            })
    }
}
