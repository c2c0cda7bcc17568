// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Which values get a gradient, and which piece of memory it is in while it is needed.
///
/// A gradient lives from its value's last reader to its writer, in backward order, and pieces are
/// used again at once: a backward pass goes through few of them, which stay in the cache.
struct GradientPlan {
    /// Where a layer writes the gradient of one of its inputs.
    struct Target {
        let piece: Int
        /// The piece to add it to afterwards: that of a value with several readers.
        let sum: Int?
    }

    /// For each step and each of its inputs; nil if nobody asks for that gradient.
    private(set) var targets: [[Target?]] = []
    /// For each step, the piece with its output's gradient; nil if it has none to pass on.
    private(set) var sources: [Int?] = []
    /// The piece with the gradient of the logits.
    let logits: Int
    /// The piece of the graph's input's gradient, if it was asked for.
    let input: Int?
    /// Numbers of a sample in each piece.
    private(set) var sizes: [Int] = []

    /// - Parameters:
    ///   - learns: whether a step has anything to train.
    ///   - wantsInput: whether the graph's input gets a gradient.
    init(
        _ steps: [NetworkStep], graph: FloatGraph, logits: ValueID,
        learns: (NetworkStep) -> Bool, wantsInput: Bool
    ) {
        var asked = Set<ValueID>()
        if wantsInput { asked.insert(graph.input) }
        for step in steps where learns(step) || step.inputs.contains(where: asked.contains) {
            asked.insert(step.output)
        }

        var pieces: [ValueID: Int] = [:]
        var free: [Int] = []
        var sizes: [Int] = []
        func take(_ value: ValueID) -> Int {
            let elements = graph.shape(of: value).elements
            guard let piece = free.popLast() else {
                sizes.append(elements)
                return sizes.count - 1
            }
            sizes[piece] = max(sizes[piece], elements)
            return piece
        }

        let last = take(logits)
        pieces[logits] = last
        targets = steps.map { $0.inputs.map { _ in nil } }
        sources = steps.map { _ in nil }
        for (index, step) in steps.enumerated().reversed() where asked.contains(step.output) {
            guard let source = pieces[step.output] else { continue }
            sources[index] = source
            var temporary: [Int] = []
            for (place, input) in step.inputs.enumerated() where asked.contains(input) {
                if let sum = pieces[input] {
                    let piece = take(input)
                    temporary.append(piece)
                    targets[index][place] = Target(piece: piece, sum: sum)
                } else {
                    let piece = take(input)
                    pieces[input] = piece
                    targets[index][place] = Target(piece: piece, sum: nil)
                }
            }
            free += temporary
            // The graph's output may have readers too; its piece is the caller's.
            if source != last { free.append(source) }
        }
        self.logits = last
        input = wantsInput ? pieces[graph.input] : nil
        self.sizes = sizes
    }
}
