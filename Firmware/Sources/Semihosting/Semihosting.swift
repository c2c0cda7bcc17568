// SPDX-License-Identifier: Apache-2.0

import Board

/// Calls of the Arm semihosting interface, which a debugger or QEMU answers.
public enum Semihosting {
    private enum Operation: UInt32 {
        case open = 0x01
        case close = 0x02
        case write0 = 0x04
        case write = 0x05
        case read = 0x06
        case seek = 0x0A
        case length = 0x0C
        case commandLine = 0x15
        case exitExtended = 0x20
    }

    private static func call(_ operation: Operation, _ arguments: UnsafeRawPointer?) -> Int32 {
        semihosting_call(operation.rawValue, arguments)
    }

    /// Prints a string on the debugger's console.
    public static func print(_ text: StaticString) {
        _ = call(.write0, text.utf8Start)
    }

    /// Ends the run; QEMU exits with the code.
    public static func exit(_ code: Int32) -> Never {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2) { arguments in
            arguments[0] = 0x20026  // ADP_Stopped_ApplicationExit
            arguments[1] = UInt32(bitPattern: code)
            while true {
                _ = call(.exitExtended, arguments.baseAddress)
            }
        }
    }
}
