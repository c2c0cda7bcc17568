// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph
internal import KWSPasses

/// Rounds one value of the network, with one size and one width.
final class ActivationQuantiser: @unchecked Sendable {
    /// The grid of the pass at hand.
    struct Grid {
        var step: Float = 1
        var low: Float = 0
        var high: Float = 255
        var bits = 8
        var kind = GridKind.unsigned(below: 0)
        /// Whether the accumulator before it asked for a coarser step than was learned.
        var isHeld = false
        /// How integers round; nil: to the nearest.
        var requantisation: RequantisationGrid?

        /// x on the nearest level, without what `requantisation` does.
        @inline(__always)
        func rounded(_ x: Lanes) -> Lanes {
            let level = Bounds(lower: low, upper: high).clip(x * (1 / step))
            return ((level + RoundingLayer.rounding) - RoundingLayer.rounding) * step
        }

        /// What of a gradient by y passes straight through to x, which is where x lies in range.
        @inline(__always)
        func passed(_ g: Lanes, at x: Lanes) -> Lanes {
            let level = x * (1 / step)
            return Lanes().replacing(with: g, where: (level .>= low) .& (level .<= high))
        }

        /// Step and zero point as the next layer reads them: numbers are the upper bits of a byte
        /// (Include/SPEC.md, section 2).
        var stepRead: Float { step / Float(1 << (8 - bits)) }
        var zerosRead: Int { kind.zeroPoint(bits) << (8 - bits) }
    }

    let name: String
    /// Numbers of a sample.
    let elements: Int
    let size: ParameterSlice
    let width: ParameterSlice
    /// The share of the range that lies below 0; set by `fit`, not trained.
    let below: ParameterSlice
    var form: any QuantiserForm
    /// The limits of the clip whose work it does.
    let bounds: Bounds
    /// What the tensor is summed up from: weights and the quantiser of the input (nil: the network's
    /// input), or a share of a step of that.
    let source: ActivationQuantiser?
    let weights: WeightQuantiser?
    /// The bias of the layer before, if it has one.
    let bias: ParameterSlice?
    let cellRange: ParameterSlice?
    let unit: QuantisedTensor.Unit
    private(set) var grid = Grid()

    init(
        name: String, elements: Int, size: ParameterSlice, width: ParameterSlice,
        below: ParameterSlice, form: any QuantiserForm, bounds: Bounds,
        source: ActivationQuantiser?, weights: WeightQuantiser?, bias: ParameterSlice?,
        cellRange: ParameterSlice?, unit: QuantisedTensor.Unit
    ) {
        self.name = name
        self.elements = elements
        self.size = size
        self.width = width
        self.below = below
        self.form = form
        self.bounds = bounds
        self.source = source
        self.weights = weights
        self.bias = bias
        self.cellRange = cellRange
        self.unit = unit
    }

    func kind(_ store: ParameterStore) -> GridKind {
        .unsigned(below: store.values[below.range.lowerBound])
    }

    func bits(_ store: ParameterStore) -> Int {
        form.bits(store.values[width.range.lowerBound], kind(store))
    }

    /// Works out the grid of a pass from what is learned now, with steps that 16-bit multipliers can
    /// requantise to: one count of the accumulator is less than half a step (`Lowering.widen`).
    func prepare(_ store: ParameterStore, _ input: InputQuantisation) {
        let (bits, kind) = (bits(store), kind(store))
        let span = kind.span(bits)
        grid.kind = kind
        grid.bits = bits
        (grid.low, grid.high) = kind.levels(bits)
        grid.step = form.step(
            size: Float(exponential(store.values[size.range.lowerBound])), span: span)
        if bounds.upper < .infinity { grid.step = min(grid.step, bounds.upper / grid.high) }
        let step = source?.grid.stepRead ?? Float(input.quantisation.scale)
        let least: Float =
            switch unit {
            case .weights: step * (weights?.largestStep(store) ?? 0)
            case .share(let taps): step / Float(taps)
            case .state:
                StateRounding.unitStep
                    * (weights?.largestStep(store, projectionOnly: true) ?? 0)
            case .none: 0
            }
        // 32767 / 65536 less one part in 10,000, for the roundings on the way to doubles.
        grid.isHeld = grid.step < least / 0.49993
        if grid.isHeld { grid.step = least / 0.49993 }
        grid.requantisation = requantisation(store, input, inputStep: step)
    }

    /// How the sums of the layer before become levels.
    private func requantisation(
        _ store: ParameterStore, _ input: InputQuantisation, inputStep: Float
    ) -> RequantisationGrid? {
        let zero = Int(-grid.low)
        switch unit {
        case .none, .state: return nil
        case .share(let taps):
            let zeros = source?.grid.zerosRead ?? 0
            let factor = inputStep / Float(taps) / grid.step
            return RequantisationGrid(
                factors: [factor], offsets: [-factor * Float(zeros * taps)], zeroPoint: zero)
        case .weights:
            guard let weights else { return nil }
            let zeros = source?.grid.zerosRead ?? input.quantisation.zeroPoint
            let factors = weights.deployedSteps(store).map { inputStep * $0 / grid.step }
            let inverse = 1 / grid.step
            var offsets = factors.map { _ in Float(0) }
            if let norm = weights.norm {
                offsets = norm.affine(store).biases.map { $0 * inverse }
            } else if let bias {
                offsets = store.values[bias.range].map { $0 * inverse }
            }
            if zeros != 0 {
                for (c, sum) in weights.levelSums(store).enumerated() {
                    offsets[c] -= factors[c] * Float(zeros) * sum
                }
            }
            return RequantisationGrid(factors: factors, offsets: offsets, zeroPoint: zero)
        }
    }

    /// Sets size and zero point so that the squared error over numbers of the unrounded network is least.
    func fit(_ store: ParameterStore, numbers: UnsafeBufferPointer<Float>) {
        // 8,192 numbers at even distances say enough.
        let each = max(1, numbers.count / 8192)
        var x: [Float] = []
        var (least, most): (Float, Float) = (0, 0)
        for (i, number) in numbers.enumerated() {
            let number = min(bounds.upper, max(bounds.lower, number))
            least = min(least, number)
            most = max(most, number)
            if i % each == 0 { x.append(number) }
        }
        store.values[below.range.lowerBound] = most > least ? -least / (most - least) : 0
        let kind = kind(store)
        let bits = bits(store)
        let span = kind.span(bits)
        let levels = kind.levels(bits)
        let widest = max(most - least, 1e-6) / Float(span)
        func error(_ step: Float) -> Double {
            x.reduce(0) { sum, x in
                let rest = x - step * min(levels.high, max(levels.low, (x / step).rounded()))
                return sum + Double(rest * rest)
            }
        }
        let candidates = (0..<48).map { widest * Float(exponential(-Float($0) / 12)) }
        let errors = candidates.map(error)
        let best = candidates.indices.min { errors[$0] < errors[$1] }
        store.values[size.range.lowerBound] = Float(
            logarithm(Double(form.size(step: candidates[best ?? 0], span: span))))
    }
}
