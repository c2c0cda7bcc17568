// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// The buffers that a network needs, each with the span of layers during which it is live.
struct Liveness {
    enum Content: Hashable {
        /// Tensors in one memory, by index.
        case tensors([Int])
        case scratch(layer: Int)
        case progress
        /// How many rows of each tensor that is kept are still to come.
        case counts
    }

    /// Bytes `begin ..< end` of a block, needed from layer `first` to layer `last`, both included.
    struct Piece {
        var begin: Int
        var end: Int
        var first: Int
        var last: Int
    }

    /// Pieces whose distances are fixed: tensors that trail one another, or scratch.
    struct Block {
        var content: Content
        var pieces: [Piece]
        /// Of the root tensor's slot 0 from the block's beginning.
        var root = 0
        /// From the block's beginning, where what outlasts a decision ends.
        var keptEnd = 0

        var bytes: Int { pieces.reduce(0) { max($0, $1.end) } }
        var first: Int { pieces.reduce(Int.max) { min($0, $1.first) } }
        var last: Int { pieces.reduce(Int.min) { max($0, $1.last) } }

        func overlaps(_ other: Block) -> Bool {
            first <= other.last && other.first <= last
        }

        /// Bytes in use at a layer.
        func live(at step: Int) -> Int {
            var (bytes, end) = (0, 0)
            for piece in pieces.sorted(by: { $0.begin < $1.begin })
            where piece.first <= step && step <= piece.last {
                bytes += max(0, piece.end - max(end, piece.begin))
                end = max(end, piece.end)
            }
            return bytes
        }
    }

    let placement: Placement
    let blocks: [Block]
    /// By layer index.
    let scratchBytes: [Int]
    /// The layers of the longest chain; a layer alone is a chain of one.
    let longest: Int

    init(_ placement: Placement) {
        self.placement = placement
        let graph = placement.graph
        var blocks: [Block] = []
        for root in graph.tensors.indices {
            let members = graph.tensors.indices.filter {
                placement.places[$0].root == root && placement.first[$0] < Int.max
            }
            guard !members.isEmpty else { continue }
            let begin = members.reduce(0) { min($0, placement.places[$1].offset) }
            var pieces = members.map { tensor in
                let place = placement.places[tensor]
                let bytes = place.slots.rows * graph.tensors[tensor].rowBytes
                return Piece(
                    begin: place.offset - begin, end: place.offset - begin + Self.aligned(bytes),
                    first: placement.first[tensor], last: placement.last[tensor])
            }
            var keptEnd = 0
            if placement.kept.contains(root) {
                // The newest row's slot is free between decisions.
                let rows = placement.places[root].slots.rows - 1
                keptEnd = Self.aligned(rows * graph.tensors[root].rowBytes)
                pieces.append(Piece(begin: 0, end: keptEnd, first: -1, last: graph.layers.count))
            }
            blocks.append(
                Block(
                    content: .tensors(members), pieces: pieces, root: -begin, keptEnd: keptEnd))
        }
        scratchBytes = graph.layers.indices.map { placement.scratchBytes($0) }
        for (layer, bytes) in scratchBytes.enumerated() where bytes > 0 {
            var span = layer...layer
            if case .mean = graph.layers[layer].operation {
                span = placement.chain[layer] ?? span
            }
            let end = Self.aligned(bytes)
            var keptEnd = 0
            if case .recurrent(let recurrence) = graph.layers[layer].operation,
                recurrence.recurrence.isStateful
            {
                // The state lies there.
                (span, keptEnd) = (-1...graph.layers.count, end)
            }
            blocks.append(
                Block(
                    content: .scratch(layer: layer),
                    pieces: [
                        Piece(begin: 0, end: end, first: span.lowerBound, last: span.upperBound)
                    ], keptEnd: keptEnd))
        }
        longest = placement.chain.reduce(1) { max($0, $1?.count ?? 1) }
        blocks.append(
            Block(
                content: .progress,
                pieces: [
                    Piece(
                        begin: 0, end: longest * Liveness.progressBytes, first: -1,
                        last: graph.layers.count)
                ]))
        if placement.streamedLayers > 0 {
            let bytes = Self.aligned(Liveness.countBytes * (placement.streamedLayers + 1))
            blocks.append(
                Block(
                    content: .counts,
                    pieces: [Piece(begin: 0, end: bytes, first: -1, last: graph.layers.count)],
                    keptEnd: bytes))
        }
        self.blocks = blocks
    }

    /// What the engine keeps of each layer of a chain (SPEC.md 4.1).
    static let progressBytes = 4
    /// What it keeps of each tensor of which it keeps rows (SPEC.md 4.5).
    static let countBytes = 2

    /// The bytes live before the first layer, and at each layer.
    private var live: [Int] {
        (-1..<placement.graph.layers.count).map { step in
            blocks.reduce(0) { $0 + $1.live(at: step) }
        }
    }

    /// The most bytes live at once.
    var peak: Int { live.max() ?? 0 }

    /// The sum of the squares of the bytes live at each layer.
    var profile: Int { live.reduce(0) { $0 + $1 * $1 } }

    static func aligned(_ bytes: Int) -> Int { (bytes + 3) & ~3 }
}

extension Placement {
    /// The variant's scratch, and MEAN's sums.
    fileprivate func scratchBytes(_ index: Int) -> Int {
        let layer = graph.layers[index]
        let x = graph.tensors[layer.inputs[0].index]
        let y = graph.tensors[layer.output.index]
        if case .mean = layer.operation {
            return x.channels * (x.height * x.width <= 257 ? 2 : 4)
        }
        return variant.scratch(layer, x, y, trails: trails[index])
    }
}
