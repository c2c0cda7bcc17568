// SPDX-License-Identifier: Apache-2.0

import Board

/// Text for the debugger's console; literals and integers only, so nothing is allocated.
public enum Console {
    public static func print(_ text: StaticString) {
        write(text.utf8Start)
    }

    /// Prints NUL-terminated text; nothing for nil.
    public static func print(_ text: UnsafePointer<CChar>?) {
        if let text { write(text) }
    }

    /// Prints a number in decimal, filled up to `width` with `fill`.
    public static func print(_ number: UInt32, width: Int = 0, fill: UInt8 = 0x20) {
        digits(of: number, base: 10, width: width, fill: fill)
    }

    public static func print(_ number: Int32) {
        if number < 0 { print("-") }
        print(number.magnitude)
    }

    /// Prints a number as eight hexadecimal digits.
    public static func print(hexadecimal number: UInt32) {
        digits(of: number, base: 16, width: 8, fill: 0x30)
    }

    private static func digits(of number: UInt32, base: UInt32, width: Int, fill: UInt8) {
        let longest = 16
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest + 1) { text in
            var rest = number
            var first = longest
            text[longest] = 0
            repeat {
                let digit = UInt8(truncatingIfNeeded: rest % base)
                first -= 1
                text[first] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
                rest /= base
            } while rest != 0
            while first > max(0, longest - width) {
                first -= 1
                text[first] = fill
            }
            if let base = text.baseAddress { write(base + first) }
        }
    }

    private static func write(_ text: UnsafeRawPointer) {
        _ = semihosting_call(Semihosting.Operation.write0.rawValue, text)
    }
}
