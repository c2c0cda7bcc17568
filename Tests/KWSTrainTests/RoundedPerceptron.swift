// SPDX-License-Identifier: Apache-2.0

import KWSGraph
import KWSTrain

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `ToyData.perceptron` rounded, in doubles, as the straight-through estimators see it: with what
/// rounding adds (in steps) and which levels clipped numbers have frozen where they were at first,
/// `y = x + added * d` in range and `y = level * range / span` where x was clipped. Its central
/// differences are the gradients that the estimators state.
struct RoundedPerceptron {
    /// What a number became: in range, or at a level.
    private enum Fate {
        case inRange(added: Double)
        case clipped(level: Double)
    }

    /// Which widths the estimator takes for continuous, and how.
    enum Form: Sendable, CaseIterable { case fixed, brevitas, uhlich }

    private let form: Form
    private let slices: [ParameterSlice]
    private let bits: [String: (weights: Int, output: Int)]
    /// The steps of outputs; those that differ from what was learned are dictated by the accumulator
    /// and constant.
    private let outputSteps: [String: Double]
    var parameters: [Double]
    private let start: [Double]
    private var fates: [Fate] = []
    private var isFrozen = false
    private var next = 0
    private var held: Set<String> = []

    init(_ network: TrainableNetwork, _ form: Form) {
        self.form = form
        slices = network.parameters.slices
        parameters = network.parameters.values.map(Double.init)
        start = parameters
        let widths = network.widths
        bits = Dictionary(
            uniqueKeysWithValues: zip(widths.weights, widths.activations).map {
                ($0.name, ($0.bits, $1.bits))
            })
        outputSteps = Dictionary(
            uniqueKeysWithValues: (network.learnedQuantisation?.layers ?? []).map {
                ($0.name, $0.output.scale)
            })
    }

    private func index(_ layer: String, _ role: ParameterSlice.Role) -> Range<Int> {
        slices.first { $0.name == layer && $0.role == role }?.range ?? 0..<0
    }

    /// The step of a grid, the width a continuous number, and the factor that a range has grown by
    /// with the width.
    private func step(
        size: Int, width: Int, bits: Int, isSigned: Bool
    ) -> (step: Double, growth: Double) {
        let real = Double(bits) + abs(parameters[width]) - abs(start[width])
        func span(_ bits: Double) -> Double { exp2(isSigned ? bits - 1 : bits) - 1 }
        let size = exp2(parameters[size])
        switch form {
        case .fixed: return (size / span(Double(bits)), 1)
        // What is clipped lies at the range, whatever the width.
        case .brevitas: return (size / span(real), span(real) / span(Double(bits)))
        case .uhlich: return (size, exp2(parameters[width] - start[width]))
        }
    }

    /// - Parameter rounding: what becomes of x / d.
    private mutating func round(
        _ x: Double, _ grid: (step: Double, growth: Double), _ levels: (Double, Double),
        rounding: (Double) -> Double = { $0.rounded() }
    ) -> Double {
        if !isFrozen {
            let level = x / grid.step
            let rounded = min(levels.1, max(levels.0, rounding(level)))
            fates.append(
                level < levels.0 || level > levels.1
                    ? .clipped(level: rounded) : .inRange(added: rounded - level))
        }
        defer { next += 1 }
        switch fates[next] {
        case .inRange(let added): return x + added * grid.step
        case .clipped(let level): return level * grid.step * grid.growth
        }
    }

    /// `requant` of Include/SPEC.md with exact multipliers, as far as it is not rounding to nearest.
    ///
    /// - Parameters:
    ///   - largest: factor of the layer.
    ///   - u: what is no part of the accumulator, in steps.
    private static func requantised(
        _ level: Double, largest: Double, u: Double, zero: Double
    ) -> Double {
        var n = 0.0
        while (largest * exp2(17 + n)).rounded() <= 32767 { n += 1 }
        guard n < 6 else { return level.rounded() }
        let bias = ((u + zero) * exp2(n) + exp2(n) / 2).rounded()
        return ((((level - u) * exp2(n)).rounded(.down) + bias) / exp2(n)).rounded(.down) - zero
    }

    /// - Parameter input: the grid of x.
    private mutating func layer(
        _ name: String, _ x: [Double], input: (step: Double, zero: Double), outputs: Int
    ) -> [Double] {
        guard let bits = bits[name] else { return [] }
        let span = Double(1 << (bits.weights - 1))
        let below = parameters[index(name, .outputBelow).lowerBound]
        let steps = Double((1 << bits.output) - 1)
        let zero = (below * steps).rounded()
        // Logits have 8 bits whatever the others have.
        let isHidden = name == "hidden"
        let output = index(name, .outputSize).lowerBound
        var outputGrid =
            isHidden
            ? step(
                size: output, width: index(name, .outputWidth).lowerBound, bits: bits.output,
                isSigned: false)
            : (step: exp2(parameters[output]) / steps, growth: 1)
        if let used = outputSteps[name], !isFrozen, used > 1.001 * outputGrid.step {
            held.insert(name)
        }
        if held.contains(name) { outputGrid = (step: outputSteps[name] ?? 0, growth: 1) }
        let largest =
            (0..<outputs).map { o in
                step(
                    size: index(name, .weightSize).lowerBound + o,
                    width: index(name, .weightWidth).lowerBound, bits: bits.weights, isSigned: true
                ).step
            }.max() ?? 0
        return (0..<outputs).map { o in
            let grid = step(
                size: index(name, .weightSize).lowerBound + o,
                width: index(name, .weightWidth).lowerBound, bits: bits.weights, isSigned: true)
            let bias = parameters[index(name, .bias).lowerBound + o]
            var (sum, weights) = (bias, 0.0)
            for i in x.indices {
                let w = round(
                    parameters[index(name, .weights).lowerBound + o * x.count + i], grid,
                    (bits.weights < 8 ? -span : 1 - span, span - 1))
                sum += x[i] * w
                weights += w
            }
            let unit = outputGrid.step
            return round(sum, outputGrid, (-zero, steps - zero)) {
                Self.requantised(
                    $0, largest: input.step * largest / unit,
                    u: (bias - input.step * input.zero * weights) / unit, zero: zero)
            }
        }
    }

    /// The logits of a batch. The first call freezes what rounding does.
    mutating func callAsFunction(_ batch: [[Double]]) -> [[Double]] {
        next = 0
        defer { isFrozen = true }
        return batch.map { x in
            let input = RoundingTests.input.quantisation
            let hidden = layer(
                "hidden", x, input: (input.scale, Double(input.zeroPoint)), outputs: 8)
            // Read as the upper bits of a byte.
            let unit = Double(256 >> (bits["hidden"]?.output ?? 8))
            return layer(
                "out", hidden, input: ((outputSteps["hidden"] ?? 0) / unit, 0), outputs: 2)
        }
    }
}
