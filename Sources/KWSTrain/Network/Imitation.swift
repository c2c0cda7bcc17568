// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Draws a student's hidden values to its teacher's (Romero et al. 2015, FitNets, equation 3, for
/// layers of the same shape, which need no regressor).
///
/// With a the student's and t the teacher's numbers of a value over the batch, the loss is the sum
/// over the values of `mean((a - t)^2) / mean(t^2)`.
final class Imitation {
    private struct Pair {
        let student: Port
        let teacher: Port
        /// What a difference counts in the gradient of the batch at hand.
        var factor: Float = 0
    }

    /// Owns the memory of its ports.
    private let teacher: TrainableNetwork
    /// By the place of the student's layer.
    private var pairs: [Int: Pair] = [:]

    /// - Parameter values: of the student, with the place of the layer that writes each.
    /// - Throws: `GraphError` if the teacher has none of them.
    init(
        _ values: [(place: Int, name: String, port: Port)], of graph: FloatGraph,
        teacher: TrainableNetwork
    ) throws(GraphError) {
        self.teacher = teacher
        let known = Dictionary(
            teacher.hiddenValues.map { ($0.name, $0.port) }, uniquingKeysWith: { first, _ in first }
        )
        for (place, name, port) in values {
            guard let other = known[name], other.elements == port.elements else { continue }
            pairs[place] = Pair(student: port, teacher: other)
        }
        guard !pairs.isEmpty else {
            throw GraphError(
                node: graph.name,
                fact: "no activation has the name and the shape of one of the teacher's")
        }
    }

    /// The loss of the last forward passes of both, 0 without a weight: then the teacher's do not
    /// matter.
    ///
    /// - Parameter weight: of the loss in what `addGradient` adds.
    func loss(samples: Int, weight: Double, _ shards: Shards) -> Double {
        guard weight > 0 else {
            for place in pairs.keys { pairs[place]?.factor = 0 }
            return 0
        }
        precondition(teacher.logits.count == samples * teacher.outputElements, "the same batch")
        var sum = 0.0
        for place in pairs.keys.sorted() {
            guard let pair = pairs[place] else { continue }
            let (distance, size) = moments(pair, samples: samples, shards)
            pairs[place]?.factor = size > 0 ? Float(2 * weight / size) : 0
            sum += size > 0 ? distance / size : 0
        }
        return sum
    }

    /// Sums of `(a - t)^2` and of `t^2`, of each sample by itself: the cut into shards is not seen.
    private func moments(
        _ pair: Pair, samples: Int, _ shards: Shards
    ) -> (distance: Double, size: Double) {
        withUnsafeTemporaryAllocation(of: SIMD2<Double>.self, capacity: samples) { sums in
            nonisolated(unsafe) let sums = sums
            shards.run { shard in
                for sample in shard.samples {
                    let (a, t) = (pair.student.data(sample), pair.teacher.data(sample))
                    var (distance, size) = (Lanes(), Lanes())
                    eachLanes(pair.student.elements) { i, n in
                        let wanted = t.lanes(i, n)
                        let difference = a.lanes(i, n) - wanted
                        distance += difference * difference
                        size += wanted * wanted
                    }
                    sums[sample] = SIMD2(Double(distance.sum()), Double(size.sum()))
                }
            }
            let sum = sums.reduce(SIMD2()) { $0 + $1 }
            return (sum.x, sum.y)
        }
    }

    /// Adds the loss's gradient to that of the output of a layer.
    func addGradient(place: Int, _ shards: Shards) {
        guard let pair = pairs[place] else { return }
        shards.run { shard in
            let sample = shard.samples.lowerBound
            guard let gradient = pair.student.gradient(sample) else { return }
            let (a, t) = (pair.student.data(sample), pair.teacher.data(sample))
            eachLanes(shard.samples.count * pair.student.elements) { i, n in
                let added = pair.factor * (a.lanes(i, n) - t.lanes(i, n))
                gradient.store(gradient.lanes(i, n) + added, i, n)
            }
        }
    }
}
