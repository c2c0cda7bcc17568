// SPDX-License-Identifier: Apache-2.0

/// Audio that is compared on, and its name in reports.
struct ParityClip: Sendable {
    var name: String
    var samples: [Int16]
}
