// SPDX-License-Identifier: Apache-2.0

/// An emulated board that models are measured on.
package struct BenchBoard: Hashable, Sendable {
    /// A folder of Firmware/Boards.
    package var name: String
    package var core: String

    /// Every board of Firmware/Boards, the smallest core first.
    package static let all =
        [BenchBoard(name: "microbit", core: "cortex-m0")]
        + ParityBoard.all.map { BenchBoard(name: $0.name, core: $0.core) }

    package static var names: [String] { all.map(\.name) }
}
