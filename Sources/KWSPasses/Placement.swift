// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// The slots of every tensor for a choice of chains, and which outputs lie in their input's memory.
struct Placement {
    /// A tensor's place in a buffer; tensors that trail one another share one.
    struct Place {
        /// The tensor that the buffer began with.
        var root: Int
        /// From the root's slot 0, in bytes; may be negative.
        var offset: Int
        var slots: MemoryPlan.Slots
        /// Whether each row is read right after it is written, and only then.
        var isBrief = false
    }

    let graph: QuantGraph
    let variant: KernelVariant
    /// By layer index: its chain, if that has two layers or more.
    let chain: [ClosedRange<Int>?]
    /// First and last layer that touches a tensor; -1 for what is there before.
    private(set) var first: [Int]
    private(set) var last: [Int]
    private(set) var places: [Place]
    /// By layer index.
    private(set) var trails: [Bool]
    /// Tensors whose rows outlast a decision.
    private(set) var kept: Set<Int> = []

    init(_ graph: QuantGraph, _ variant: KernelVariant, chains: [ClosedRange<Int>]) {
        self.graph = graph
        self.variant = variant
        var chain: [ClosedRange<Int>?] = graph.layers.map { _ in nil }
        for range in chains {
            for index in range { chain[index] = range }
        }
        self.chain = chain
        first = graph.tensors.map { _ in Int.max }
        last = graph.tensors.map { _ in -1 }
        places = graph.tensors.indices.map {
            Place(root: $0, offset: 0, slots: .init(rows: graph.tensors[$0].height))
        }
        trails = graph.layers.map { _ in false }
        findSpans()
        keepRows()
        for index in graph.layers.indices { place(outputOf: index) }
    }

    /// Layers that run once a row.
    var streamedLayers: Int { graph.streaming?.layers ?? 0 }

    /// What streamed layers read has slots for the highest of their windows, and what the last one
    /// makes for all rows.
    private mutating func keepRows() {
        guard streamedLayers > 0 else { return }
        for tensor in 0..<streamedLayers { places[tensor].slots.rows = 1 }
        for layer in graph.layers.prefix(streamedLayers) {
            for tensor in layer.inputs.map(\.index) {
                let rows = places[tensor].slots.rows
                places[tensor].slots.rows = max(rows, layer.operation.windowRows)
            }
        }
        kept = Set((0...streamedLayers).filter { places[$0].slots.rows > 1 })
        // What the others read moves up behind the last of them.
        last[streamedLayers] = graph.layers.count - 1
    }

    private mutating func findSpans() {
        first[0] = -1
        for (index, layer) in graph.layers.enumerated() {
            first[layer.output.index] = min(first[layer.output.index], index)
            for tensor in layer.inputs + [layer.output] {
                last[tensor.index] = max(last[tensor.index], index)
            }
        }
        // The layers of a chain take turns: what one of them needs is there until the last has
        // finished, unless a row is read at once.
        for case let range? in Set(chain) {
            let input = graph.layers[range.lowerBound].inputs[0].index
            last[input] = max(last[input], range.upperBound)
            for index in range.dropLast() {
                let tensor = graph.layers[index].output.index
                let rows = graph.layers[index + 1].operation.windowRows
                places[tensor].isBrief = rows == 1
                places[tensor].slots.rows = min(graph.tensors[tensor].height, rows)
                if rows > 1 { (first[tensor], last[tensor]) = (range.lowerBound, range.upperBound) }
            }
            // MEAN writes when all others have finished, unless rows are left that nobody reads.
            if case .mean = graph.layers[range.upperBound].operation,
                range.dropFirst().allSatisfy({ readsLastRow($0) })
            {
                continue
            }
            first[graph.layers[range.upperBound].output.index] = range.lowerBound
        }
    }

    /// Whether the last row of a layer's output needs the last row of its input.
    private func readsLastRow(_ index: Int) -> Bool {
        let layer = graph.layers[index]
        guard let window = layer.operation.window else { return true }
        let last = (graph.tensors[layer.output.index].height - 1) * window.strideHeight
        return last - window.top + window.kernelHeight
            >= graph.tensors[layer.inputs[0].index].height
    }

    /// Lets an output lie in the memory of an input that is not needed any more.
    private mutating func place(outputOf index: Int) {
        let layer = graph.layers[index]
        let out = layer.output.index
        // Of layers with one output only the first finds it free.
        guard index >= streamedLayers, places[out].root == out,
            !graph.layers[..<index].contains(where: { $0.output.index == out })
        else { return }
        for input in layer.inputs.map(\.index) {
            guard let place = trailing(index, input, out) else { continue }
            if !layer.operation.isView {
                let costs =
                    variant.scratch(
                        layer, graph.tensors[input], graph.tensors[out], trails: true)
                    - variant.scratch(
                        layer, graph.tensors[input], graph.tensors[out], trails: false)
                guard costs < place.slots.rows * graph.tensors[out].rowBytes else { continue }
            }
            places[out] = place
            trails[index] = true
            return
        }
    }

    /// The output's place in the input's memory, nil if it must not lie there.
    private func trailing(_ index: Int, _ input: Int, _ out: Int) -> Place? {
        let operation = graph.layers[index].operation
        let (x, y) = (graph.tensors[input], graph.tensors[out])
        var place = places[input]
        place.isBrief = places[out].isBrief
        if operation.isView {
            place.slots = places[out].slots
            return place
        }
        guard !kept.contains(place.root), let lag = operation.lag(x, y, variant) else {
            return nil
        }
        if places[out].isBrief {
            guard let range = chain[index], range.lowerBound < index,
                lag == 0 || place.slots.rows >= operation.windowRows
            else { return nil }
            return brief(place, lag, x, y)
        }
        // Whole tensors outside chains: nobody may need the buffer's other tensors any more.
        guard chain[index] == nil,
            graph.tensors.indices.allSatisfy({
                places[$0].root != place.root || last[$0] <= index || $0 == out
            }),
            Placement.matches(x, y)
                || x.height == 1 && y.height == 1 && y.rowBytes <= x.rowBytes,
            lag * x.rowBytes % 4 == 0
        else { return nil }
        place.offset -= lag * x.rowBytes
        place.slots = .init(rows: y.height)
        return place
    }

    /// The place of rows that are read at once, in the slots of the input.
    private func brief(
        _ input: Place, _ lag: Int, _ x: QuantGraph.Tensor, _ y: QuantGraph.Tensor
    ) -> Place? {
        var place = input
        let rows = input.slots.rows
        if rows == 1, input.slots.phase == 0, lag == 0, y.rowBytes <= x.rowBytes { return place }
        guard Placement.matches(x, y), lag <= rows else { return nil }
        place.slots.phase = (input.slots.phase + rows - lag) % rows
        return rows < y.height || rows == y.height && place.slots.phase == 0 ? place : nil
    }

    /// Whether rows of the output can stand for rows of the input.
    private static func matches(_ x: QuantGraph.Tensor, _ y: QuantGraph.Tensor) -> Bool {
        x.width == y.width && x.channels == y.channels && x.bits == y.bits
    }
}

extension QuantOperator {
    var isView: Bool {
        if case .view = self { true } else { false }
    }

    /// By how many rows an output may trail its input, SPEC.md 4.1; nil if it must not.
    fileprivate func lag(
        _ x: QuantGraph.Tensor, _ y: QuantGraph.Tensor, _ variant: KernelVariant
    ) -> Int? {
        let sameShape = x.height == y.height && x.width == y.width && x.channels == y.channels
        switch self {
        case .add, .place:
            return sameShape && x.bits == y.bits ? 0 : nil
        case .pointwise:
            return 0
        case .depthwise(let window, _, _):
            let mayTrail =
                window.strideHeight == 1 && window.strideWidth == 1
                && x.channels == y.channels && x.bits == 8 && y.bits == 8
                && (x.width == y.width && y.width <= variant.trailingWidth
                    || variant.trailsAlongRows && window.left == 0)
            return mayTrail ? window.top : nil
        default:
            return nil
        }
    }
}
