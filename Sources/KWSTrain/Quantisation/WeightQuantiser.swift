// SPDX-License-Identifier: Apache-2.0

/// Rounds one layer's weights: one size an output channel, one width for all.
final class WeightQuantiser: @unchecked Sendable {
    /// The slices of the weights and of what is learned of their grid.
    let weights: ParameterSlice
    let sizes: ParameterSlice
    let width: ParameterSlice
    var form: any QuantiserForm
    /// Output channels are the innermost axis: weights `[taps][channels]`; else the outermost.
    let isDepthwise: Bool

    init(
        weights: ParameterSlice, sizes: ParameterSlice, width: ParameterSlice,
        form: any QuantiserForm, isDepthwise: Bool
    ) {
        self.weights = weights
        self.sizes = sizes
        self.width = width
        self.form = form
        self.isDepthwise = isDepthwise
    }

    var count: Int { weights.range.count }
    var channels: Int { sizes.range.count }

    func bits(_ store: ParameterStore) -> Int {
        form.bits(store.values[width.range.lowerBound], .signed)
    }

    /// The step of each channel.
    func steps(_ store: ParameterStore) -> [Float] {
        let span = GridKind.signed.span(bits(store))
        return store.values[sizes.range].map {
            form.step(size: Float(exponential($0)), span: span)
        }
    }

    /// The largest step.
    func largestStep(_ store: ParameterStore) -> Float { steps(store).max() ?? 0 }

    /// The channel of weight i.
    @inline(__always)
    private func channel(_ i: Int) -> Int {
        isDepthwise ? i % channels : i / (count / channels)
    }

    /// Writes the rounded weights to `store.effective`.
    func round(_ store: ParameterStore) {
        let steps = steps(store)
        let levels = GridKind.signed.levels(bits(store))
        for i in 0..<count {
            let step = steps[channel(i)]
            let x = store.values[weights.range.lowerBound + i]
            let level = min(levels.high, max(levels.low, (x / step).rounded()))
            store.effective[weights.range.lowerBound + i] = step * level
        }
    }

    /// The sum of each channel's levels.
    func levelSums(_ store: ParameterStore) -> [Float] {
        let steps = steps(store)
        var sums = steps.map { _ in Float(0) }
        for i in 0..<count {
            let c = channel(i)
            sums[c] += (store.effective[weights.range.lowerBound + i] / steps[c]).rounded()
        }
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
        for i in 0..<count {
            let at = weights.range.lowerBound + i
            let c = channel(i)
            let (x, y, g) = (store.values[at], store.effective[at], store.gradients[at])
            let level = x / steps[c]
            if level >= levels.low, level <= levels.high {
                inner[c] += Double(g) * Double(y - x)
            } else {
                outer[c] += Double(g) * Double(y)
                store.gradients[at] = 0
            }
        }
        for c in 0..<channels {
            store.gradients[sizes.range.lowerBound + c] = Float(
                naturalLogarithmOf2 * (inner[c] + outer[c]))
        }
        store.gradients[width.range.lowerBound] = Float(
            form.widthGradient(
                inner: inner.reduce(0, +), outer: outer.reduce(0, +),
                width: store.values[width.range.lowerBound], bits: bits, kind: .signed))
    }

    /// Sets each channel's size so that the squared error of its weights is least, among 96 steps
    /// down from what holds them all.
    func fit(_ store: ParameterStore) {
        let bits = bits(store)
        let levels = GridKind.signed.levels(bits)
        let span = GridKind.signed.span(bits)
        for c in 0..<channels {
            let x = (0..<count).filter { channel($0) == c }
                .map { store.values[weights.range.lowerBound + $0] }
            let most = x.reduce(0) { max($0, abs($1)) } / Float(span)
            guard most > 0 else {
                // Zeros stay zeros with any step; a small one asks nothing of the output's.
                store.values[sizes.range.lowerBound + c] = -40
                continue
            }
            let candidates = (0..<96).map { most * Float(exponential(-Float($0) / 24)) }
            let best = candidates.min { error(x, $0, levels) < error(x, $1, levels) }
            store.values[sizes.range.lowerBound + c] = Float(
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
