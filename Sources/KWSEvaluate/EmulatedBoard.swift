// SPDX-License-Identifier: Apache-2.0

/// A folder of Firmware/Boards.
package struct EmulatedBoard: Hashable, Sendable {
    package let name: String
    package let core: String
    /// QEMU's name.
    package let machine: String
    /// Whether it has memory for any model and its test data; else it holds one model at a time.
    package let hasPool: Bool

    private init(_ name: String, _ core: String, _ machine: String, hasPool: Bool = true) {
        self.name = name
        self.core = core
        self.machine = machine
        self.hasPool = hasPool
    }

    /// The smallest core first.
    package static let all = [
        EmulatedBoard("microbit", "cortex-m0", "microbit", hasPool: false),
        EmulatedBoard("mps2-an385-m0plus", "cortex-m0plus", "mps2-an385"),
        EmulatedBoard("mps2-an385", "cortex-m3", "mps2-an385"),
        EmulatedBoard("mps2-an386", "cortex-m4", "mps2-an386"),
        EmulatedBoard("mps2-an500", "cortex-m7", "mps2-an500"),
        EmulatedBoard("mps2-an505", "cortex-m33", "mps2-an505"),
        EmulatedBoard("mps3-an547", "cortex-m55", "mps3-an547"),
    ]

    package static var names: [String] { all.map(\.name) }

    package static func find(_ name: String) throws(EvaluationError) -> EmulatedBoard {
        guard let board = all.first(where: { $0.name == name }) else {
            throw EvaluationError(.badData, name, "no such board; there are: \(names)")
        }
        return board
    }
}
