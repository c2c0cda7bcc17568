// SPDX-License-Identifier: Apache-2.0

/// The extents of a value without its batch axis, slowest axis first.
///
/// Images are `[height = time][width = frequency][channels]`, vectors `[n]`; one to three axes.
package struct Shape: Hashable, Sendable, CustomStringConvertible {
    package var extents: [Int]

    package init(_ extents: [Int]) {
        self.extents = extents
    }

    package var elements: Int { extents.reduce(1, *) }
    package var rank: Int { extents.count }

    /// The shape with leading axes of 1 until it has three: how the integer side sees every value.
    package var image: (height: Int, width: Int, channels: Int) {
        let e = Array(repeating: 1, count: max(0, 3 - rank)) + extents
        return (e[0], e[1], e[2])
    }

    package var description: String {
        extents.map(String.init).joined(separator: "x")
    }
}

extension Shape: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: Int...) {
        self.init(elements)
    }
}
