// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Storable widths near learned ones, within a budget.
struct WidthChoice {
    struct Item {
        var count: Int
        /// Of the grid at the moment.
        var bits: Int
        /// The same before it was made whole.
        var real: Double
        /// Whether it may change.
        var isLearned: Bool
    }

    private(set) var bits: [Int]

    /// Moves all learned widths by the same number of bits, the largest that fits the budget, so that
    /// they keep their order, then single ones as far as there is room; without a budget they stay.
    ///
    /// - Throws: `TrainingError` if the smallest widths are beyond the budget.
    init(
        _ items: [Item], storable: [Int], budget: Double?, what: String
    ) throws(TrainingError) {
        func moved(_ shift: Double) -> [Int] {
            items.map { item in
                guard item.isLearned else { return item.bits }
                let bits = min(8, max(2, Int((item.real + shift).rounded())))
                return storable.first { $0 >= bits } ?? 8
            }
        }
        let all = Double(max(1, items.reduce(0) { $0 + $1.count }))
        func mean(_ bits: [Int]) -> Double {
            zip(items, bits).reduce(0) { $0 + Double($1.0.count * $1.1) } / all
        }
        guard let budget else {
            bits = items.map { item in
                item.isLearned ? storable.first { $0 >= item.bits } ?? 8 : item.bits
            }
            return
        }
        let fitting = (-400...400).reversed().lazy
            .map { moved(Double($0) / 50) }
            .first { mean($0) <= budget + 1e-9 }
        guard let fitting else {
            let least = (mean(moved(-8)) * 1000).rounded(.up) / 1000
            throw TrainingError(
                place: "the budget of widths", found: "\(budget) bits a \(what)",
                allowed: "\(least) at least, for this network")
        }
        bits = fitting
        // What is left goes to single ones, those first that were rounded down furthest.
        func wanted(_ index: Int) -> Double { items[index].real - Double(bits[index]) }
        var rest = items.indices.filter { items[$0].isLearned }
        while let index = rest.max(by: { wanted($0) < wanted($1) }) {
            var raised = bits
            raised[index] = storable.first { $0 > bits[index] } ?? 8
            if raised[index] > bits[index], mean(raised) <= budget + 1e-9 {
                bits = raised
            } else {
                rest.removeAll { $0 == index }
            }
        }
    }
}
