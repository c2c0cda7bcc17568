// SPDX-License-Identifier: Apache-2.0

/// Which pieces of all are played: every `count`-th one, from `number` on. The parts 1 to `count` are
/// the whole.
package struct StreamPart: Hashable, Sendable, Codable {
    /// From 1.
    package let number: Int
    package let count: Int

    package static let whole = StreamPart(number: 1, count: 1)

    private init(number: Int, count: Int) {
        self.number = number
        self.count = count
    }

    /// `i/n`, 1 to n of n; nil for anything else.
    package init?(_ text: String) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1],
            (1...max(1, count)).contains(number), count <= 1_000_000
        else { return nil }
        self.init(number: number, count: count)
    }

    /// The numbers of the pieces, of `all` from 0 on.
    package func indices(of all: Int) -> [Int] {
        Array(stride(from: number - 1, to: all, by: count))
    }
}
