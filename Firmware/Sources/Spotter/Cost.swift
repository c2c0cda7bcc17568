// SPDX-License-Identifier: Apache-2.0

import Semihosting

/// Instructions of a repeated piece of work; exact to one tick under QEMU's -icount shift=0.
struct Cost {
    private var total: UInt64 = 0
    private var count: UInt64 = 0
    private var most: UInt32 = 0

    mutating func add(_ instructions: UInt32) {
        total += UInt64(instructions)
        count += 1
        most = max(most, instructions)
    }

    /// Prints "NAME mean most".
    func report(_ name: StaticString) {
        Console.print(name)
        Console.print(" ")
        Console.print(UInt32(truncatingIfNeeded: count == 0 ? 0 : total / count))
        Console.print(" ")
        Console.print(most)
        Console.print("\n")
    }
}
