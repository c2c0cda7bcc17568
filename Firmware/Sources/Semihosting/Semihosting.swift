// SPDX-License-Identifier: Apache-2.0

import Board

/// Calls of the Arm semihosting interface, which a debugger or QEMU answers.
public enum Semihosting {
    enum Operation: UInt32 {
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

    /// Carries out an operation on up to three arguments of 32 bits.
    static func call(
        _ operation: Operation, _ first: UInt32 = 0, _ second: UInt32 = 0, _ third: UInt32 = 0
    ) -> Int32 {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 3) { arguments in
            arguments[0] = first
            arguments[1] = second
            arguments[2] = third
            return semihosting_call(operation.rawValue, arguments.baseAddress)
        }
    }

    /// An address as an argument.
    static func word(_ pointer: UnsafeRawPointer?) -> UInt32 {
        UInt32(UInt(bitPattern: pointer))
    }

    /// Copies the command line into `buffer`, NUL-terminated.
    ///
    /// - Returns: its bytes without the NUL; nil if there is none, or it does not fit.
    public static func commandLine(
        into buffer: UnsafeMutableBufferPointer<UInt8>
    ) -> UnsafeMutableBufferPointer<UInt8>? {
        // The call takes address and size, and stores the length in place of the size.
        let count = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2) {
            arguments -> Int? in
            arguments[0] = word(buffer.baseAddress)
            arguments[1] = UInt32(buffer.count)
            let failed = semihosting_call(Operation.commandLine.rawValue, arguments.baseAddress)
            return failed == 0 ? Int(arguments[1]) : nil
        }
        guard let count, count < buffer.count else { return nil }
        var end = 0
        while end < count && buffer[end] != 0 { end += 1 }
        buffer[end] = 0
        return UnsafeMutableBufferPointer(rebasing: buffer[..<end])
    }

    /// Ends the run; QEMU exits with the code.
    public static func exit(_ code: UInt32) -> Never {
        let applicationExit: UInt32 = 0x20026
        while true {
            _ = call(.exitExtended, applicationExit, code)
        }
    }
}
