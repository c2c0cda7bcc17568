// SPDX-License-Identifier: Apache-2.0

/// Rounds one layer's weights: one size a row, one width for all.
final class WeightQuantiser: @unchecked Sendable {
    /// The slices of the weights and of what is learned of their grid: sizes of the rows of each
    /// matrix, matrix after matrix. A row is an output channel.
    let matrices: [ParameterSlice]
    let sizes: ParameterSlice
    let width: ParameterSlice
    var form: any QuantiserForm
    /// Output channels are the innermost axis: weights `[taps][channels]`; else a recurrent layer's
    /// are the two outermost, others' the outermost.
    let isDepthwise: Bool
    let norm: TrailingNorm?

    init(
        matrices: [ParameterSlice], sizes: ParameterSlice, width: ParameterSlice,
        form: any QuantiserForm, isDepthwise: Bool, norm: TrailingNorm?
    ) {
        self.matrices = matrices
        self.sizes = sizes
        self.width = width
        self.form = form
        self.isDepthwise = isDepthwise
        self.norm = norm
    }

    var name: String { sizes.name }
    var count: Int { matrices.reduce(0) { $0 + $1.range.count } }
    var channels: Int { sizes.range.count }

    func bits(_ store: ParameterStore) -> Int {
        form.bits(store.values[width.range.lowerBound], .signed)
    }

    /// The step of each row.
    func steps(_ store: ParameterStore) -> [Float] {
        let span = GridKind.signed.span(bits(store))
        return store.values[sizes.range].map {
            form.step(size: Float(exponential($0)), span: span)
        }
    }

    /// What a level of each row is worth in what is deployed.
    ///
    /// A row of zeros has no spread, and so any gain; a small one asks nothing of the output's step.
    ///
    /// - Requires: `round` came before.
    func deployedSteps(_ store: ParameterStore) -> [Float] {
        let steps = steps(store)
        guard let norm else { return steps }
        var gains = steps.map { _ in TrailingNorm.leastGain }
        let all = norm.affine(store).gains
        eachWeight { place, row in if store.effective[place] != 0 { gains[row] = all[row] } }
        return zip(steps, gains).map { $0 * $1 }
    }

    /// The largest of these steps of the rows that a tensor's numbers are sums over: all, or those of a
    /// projection, which come last.
    func largestStep(_ store: ParameterStore, projectionOnly: Bool = false) -> Float {
        guard projectionOnly else { return deployedSteps(store).max() ?? 0 }
        guard let last = matrices.last, last.role == .projection else { return 0 }
        return steps(store).suffix(rows(last)).max() ?? 0
    }

    private func rows(_ matrix: ParameterSlice) -> Int {
        switch matrix.role {
        case .projection: matrix.shape[0]
        case .recurrentWeights: matrix.shape[0] * matrix.shape[1]
        default:
            matrices.count == 1 ? channels : matrix.shape[0] * matrix.shape[1]
        }
    }

    /// Calls `body` with the place of each weight and its row.
    @inline(__always)
    private func eachWeight(_ body: (_ place: Int, _ row: Int) -> Void) {
        var first = 0
        for matrix in matrices {
            let (rows, start) = (rows(matrix), matrix.range.lowerBound)
            let columns = matrix.range.count / rows
            for i in 0..<matrix.range.count {
                body(start + i, first + (isDepthwise ? i % rows : i / columns))
            }
            first += rows
        }
    }

    /// Writes the rounded weights to `store.effective`.
    func round(_ store: ParameterStore) {
        let steps = steps(store)
        let levels = GridKind.signed.levels(bits(store))
        eachWeight { place, row in
            let step = steps[row]
            let level = min(levels.high, max(levels.low, (store.values[place] / step).rounded()))
            store.effective[place] = step * level
        }
    }

    /// The sum of each row's levels.
    func levelSums(_ store: ParameterStore) -> [Float] {
        let steps = steps(store)
        var sums = steps.map { _ in Float(0) }
        eachWeight { place, row in sums[row] += (store.effective[place] / steps[row]).rounded() }
        return sums
    }

    /// Turns the gradient by the rounded weights into that by the weights, and sets those of sizes
    /// and width.
    func mapGradient(_ store: ParameterStore) {
        let bits = bits(store)
        let steps = steps(store)
        let levels = GridKind.signed.levels(bits)
        var inner = Array(repeating: 0.0, count: channels)
        var outer = inner
        eachWeight { place, row in
            let (x, y, g) = (store.values[place], store.effective[place], store.gradients[place])
            let level = x / steps[row]
            if level >= levels.low, level <= levels.high {
                inner[row] += Double(g) * Double(y - x)
            } else {
                outer[row] += Double(g) * Double(y)
                store.gradients[place] = 0
            }
        }
        for row in 0..<channels {
            store.gradients[sizes.range.lowerBound + row] = Float(
                naturalLogarithmOf2 * (inner[row] + outer[row]))
        }
        store.gradients[width.range.lowerBound] = Float(
            form.widthGradient(
                inner: inner.reduce(0, +), outer: outer.reduce(0, +),
                width: store.values[width.range.lowerBound], bits: bits, kind: .signed))
    }

    /// Sets each row's size so that the squared error of its weights is least, among 96 steps down
    /// from what holds them all.
    func fit(_ store: ParameterStore) {
        let bits = bits(store)
        let levels = GridKind.signed.levels(bits)
        let span = GridKind.signed.span(bits)
        var rows = Array(repeating: [Float](), count: channels)
        eachWeight { place, row in rows[row].append(store.values[place]) }
        for (row, x) in rows.enumerated() {
            let most = x.reduce(0) { max($0, abs($1)) } / Float(span)
            guard most > 0 else {
                // Zeros stay zeros with any step; a small one asks nothing of the output's.
                store.values[sizes.range.lowerBound + row] = -40
                continue
            }
            let candidates = (0..<96).map { most * Float(exponential(-Float($0) / 24)) }
            let best = candidates.min { error(x, $0, levels) < error(x, $1, levels) }
            store.values[sizes.range.lowerBound + row] = Float(
                logarithm(Double(form.size(step: best ?? most, span: span))))
        }
    }

    private func error(_ x: [Float], _ step: Float, _ levels: (low: Float, high: Float)) -> Float {
        x.reduce(0) { sum, x in
            let rest = x - step * min(levels.high, max(levels.low, (x / step).rounded()))
            return sum + rest * rest
        }
    }
}
