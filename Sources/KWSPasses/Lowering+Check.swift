// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension Lowering {
    /// Refuses what has no integer form: extents beyond 16 bits, ranges that are not finite, clips
    /// away from zero, windows that begin behind the input (SPEC.md section 8).
    func check(
        _ node: FloatGraph.Node, _ output: ValueID
    ) throws(GraphError) {
        func fail(_ fact: String) -> GraphError { GraphError(node: node.name, fact: fact) }
        let (height, width, _) = graph.shape(of: output).image
        let taken = graph.shape(of: node.inputs[0])
        for shape in [taken, graph.shape(of: output)] {
            guard shape.extents.allSatisfy({ $0 < 65535 }) else {
                throw fail("shape \(shape); extents may be 65534 at most")
            }
        }
        let range = learned == nil ? calibration.ranges[output.index] : (lower: 0, upper: 0)
        guard range.lower.isFinite, range.upper.isFinite else {
            throw fail("outputs from \(range.lower) to \(range.upper) on the calibration data")
        }
        var clip = saturation
        if case .clip(let lower, let upper) = node.operation { clip = (lower, upper) }
        if let clip, clip.lower > 0 || clip.upper < 0 {
            throw fail(
                "is clipped to \(clip.lower)...\(clip.upper); limits must hold zero between them")
        }
        switch node.operation {
        case .convolution(let window, _, _), .depthwise(let window, _, _), .maxPool(let window),
            .averagePool(let window):
            let input = graph.shape(of: node.inputs[0]).image
            guard (height - 1) * window.strideHeight < input.height + window.top,
                (width - 1) * window.strideWidth < input.width + window.left
            else {
                throw fail("padding \(window) goes so far that a window begins behind the input")
            }
            let depth = node.operation.reachesAllChannels ? input.channels : 1
            guard window.taps * depth <= 65535 else {
                throw fail("\(window.taps * depth) taps; an output may have 65535 at most")
            }
        case .dense where taken.elements > 65535:
            throw fail("\(taken.elements) inputs; an output may have 65535 taps at most")
        case .softmax where taken.elements > 4096:
            throw fail("softmax over \(taken.elements) numbers; 4096 at most")
        default:
            break
        }
    }
}

extension FloatOperator {
    /// Whether a window sums over all channels of the input.
    fileprivate var reachesAllChannels: Bool {
        if case .convolution = self { true } else { false }
    }
}
