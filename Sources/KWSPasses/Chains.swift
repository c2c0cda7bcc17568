// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Which layers may take turns (SPEC.md 4.1).
struct Chains {
    /// Maximal runs of two layers or more, by index: each layer but the first reads what the one
    /// before writes, and nobody else does. None of them is streamed.
    let maximal: [ClosedRange<Int>]

    init(_ graph: QuantGraph) {
        var readers = graph.tensors.map { _ in 0 }
        for layer in graph.layers {
            for input in layer.inputs { readers[input.index] += 1 }
        }
        var found: [ClosedRange<Int>] = []
        var first = 0
        for index in graph.layers.indices {
            let layer = graph.layers[index]
            let goesOn =
                index > max(first, graph.streaming?.layers ?? 0) && layer.operation.mayFollow
                && graph.layers[index - 1].operation.mayPrecede
                && layer.inputs == [graph.layers[index - 1].output]
                && readers[layer.inputs[0].index] == 1
            if goesOn { continue }
            if index - first > 1 { found.append(first...index - 1) }
            first = index
        }
        if graph.layers.count - first > 1 { found.append(first...graph.layers.count - 1) }
        maximal = found
    }

    /// The parts of a maximal run that a planner should try.
    ///
    /// Of runs longer than 24 layers only those that begin or end with it: the number of all parts
    /// grows with the square.
    static func parts(of run: ClosedRange<Int>) -> [ClosedRange<Int>] {
        run.flatMap { first in
            run.filter { $0 > first }.map { first...$0 }
        }.filter {
            run.count <= 24 || $0.lowerBound == run.lowerBound || $0.upperBound == run.upperBound
        }
    }
}

extension QuantOperator {
    /// Whether a layer may stand in a chain behind its first one.
    fileprivate var mayFollow: Bool {
        if case .mean = self { true } else { mayPrecede }
    }

    /// Whether a layer may stand in a chain before its last one.
    fileprivate var mayPrecede: Bool {
        switch self {
        case .convolution, .pointwise, .depthwise, .maxPool, .averagePool: true
        default: false
        }
    }

    /// Rows of the input that one row of the output reads, for a layer of a chain.
    var windowRows: Int { window?.kernelHeight ?? 1 }
}
