// SPDX-License-Identifier: Apache-2.0

/// Names of which each is given once.
struct UniqueNames: Sendable {
    private var taken: Set<String> = []

    /// The name itself, or with a number if it is taken.
    mutating func take(_ name: String) -> String {
        var unique = name
        var number = 2
        while !taken.insert(unique).inserted {
            unique = "\(name)#\(number)"
            number += 1
        }
        return unique
    }
}
