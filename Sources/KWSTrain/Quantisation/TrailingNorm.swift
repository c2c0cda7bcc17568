// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph
internal import KWSPasses

/// The batch norm behind a layer whose weights are rounded. Weights have their grid before it; what is
/// deployed is the layer with the norm folded in, whose steps are the grid's times the norm's gains.
struct TrailingNorm {
    let gamma: ParameterSlice
    let beta: ParameterSlice
    let running: RunningStatistics
    let epsilon: Float

    /// By running statistics, what the norm multiplies each channel by and adds to it.
    func affine(_ store: ParameterStore) -> (gains: [Float], biases: [Float]) {
        let norm = BatchNorm(
            gamma: Array(store.values[gamma.range]), beta: Array(store.values[beta.range]),
            mean: Array(running.mean), variance: Array(running.variance), epsilon: epsilon)
        let (scale, offset) = norm.affine
        return (scale, offset)
    }

    /// Makes the norm one that changes nothing, and whose running statistics are those of its inputs.
    func start(_ store: ParameterStore, moments: [(mean: Double, variance: Double)]) {
        let (gains, biases) = affine(store)
        for (c, (mean, variance)) in moments.enumerated() {
            running.mean[c] = Float(mean)
            running.variance[c] = Float(variance)
            let deviation = (running.variance[c] + epsilon).squareRoot()
            store.values[gamma.range.lowerBound + c] = gains[c] * deviation
            store.values[beta.range.lowerBound + c] = biases[c] + gains[c] * running.mean[c]
        }
    }

    /// A gain that is not above 0 would turn levels over, of which there is one more below 0.
    func keepPositive(_ store: ParameterStore) {
        for (c, place) in gamma.range.enumerated() {
            let deviation = (running.variance[c] + epsilon).squareRoot()
            store.values[place] = max(store.values[place], Self.leastGain * deviation)
        }
    }

    static let leastGain: Float = 1e-6
}
