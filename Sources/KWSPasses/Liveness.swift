// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// The buffers that a network needs, each with the span of layers during which it is live.
struct Liveness {
    /// Bytes that belong together from layer `first` to layer `last`, both included.
    struct Block {
        var tensors: [Int]
        var scratchOf: Int?
        var bytes: Int
        var first: Int
        var last: Int

        func overlaps(_ other: Block) -> Bool {
            first <= other.last && other.first <= last
        }
    }

    var blocks: [Block]

    init(_ graph: QuantGraph) {
        var first = graph.tensors.map { _ in Int.max }
        var last = graph.tensors.map { _ in -1 }
        first[0] = -1
        for (index, layer) in graph.layers.enumerated() {
            first[layer.output.index] = min(first[layer.output.index], index)
            last[layer.output.index] = max(last[layer.output.index], index)
            for input in layer.inputs {
                last[input.index] = max(last[input.index], index)
            }
        }

        // Tensors computed in place join the buffer of their input.
        var buffer = Array(graph.tensors.indices)
        var scratch: [(layer: Int, bytes: Int)] = []
        for (index, layer) in graph.layers.enumerated() {
            let out = layer.output.index
            guard first[out] == index else { continue }
            for input in layer.inputs.map(\.index) {
                guard
                    let bytes = layer.operation.inPlaceScratch(
                        graph.tensors[input], graph.tensors[out]),
                    layer.operation.isView
                        || graph.tensors.indices.allSatisfy({
                            buffer[$0] != buffer[input] || last[$0] <= index || $0 == out
                        }),
                    bytes < graph.tensors[out].elements || layer.operation.isView
                else { continue }
                buffer[out] = buffer[input]
                if bytes > 0 { scratch.append((index, bytes)) }
                break
            }
        }

        blocks = []
        for root in graph.tensors.indices {
            let members = graph.tensors.indices.filter { buffer[$0] == root }
            guard !members.isEmpty, members.contains(where: { first[$0] < Int.max }) else {
                continue
            }
            blocks.append(
                Block(
                    tensors: members, scratchOf: nil,
                    bytes: Liveness.aligned(members.map { graph.tensors[$0].elements }.max() ?? 0),
                    first: members.map { first[$0] }.min() ?? 0,
                    last: members.map { last[$0] }.max() ?? 0))
        }
        for (layer, bytes) in scratch {
            blocks.append(
                Block(
                    tensors: [], scratchOf: layer, bytes: Liveness.aligned(bytes), first: layer,
                    last: layer))
        }
    }

    /// The most bytes live at once.
    static func peak(_ blocks: [Block]) -> Int {
        blocks.map { at in
            blocks.filter { $0.first <= at.first && at.first <= $0.last }.reduce(0) {
                $0 + $1.bytes
            }
        }.max() ?? 0
    }

    static func aligned(_ bytes: Int) -> Int { (bytes + 3) & ~3 }
}

extension QuantOperator {
    var isView: Bool {
        if case .view = self { true } else { false }
    }

    /// Scratch bytes with which the output may overwrite the input, SPEC.md 4.1; nil if it must not.
    func inPlaceScratch(_ x: QuantGraph.Tensor, _ y: QuantGraph.Tensor) -> Int? {
        let sameShape = x.height == y.height && x.width == y.width && x.channels == y.channels
        switch self {
        case .view:
            return 0
        case .add:
            return sameShape ? 0 : nil
        case .place:
            return sameShape ? 0 : nil
        case .pointwise:
            return y.channels <= x.channels ? x.channels : nil
        case .depthwise(let window, _, _):
            guard sameShape, window.strideHeight == 1, window.strideWidth == 1 else { return nil }
            return (window.top + 1) * x.width * x.channels
        default:
            return nil
        }
    }
}
