// SPDX-License-Identifier: Apache-2.0

import Board

/// An open file of the host; closed at the end of its life.
public struct HostFile: ~Copyable {
    /// The ways to open a file, by the numbers of the semihosting interface.
    public enum Mode: UInt32 {
        /// "rb".
        case read = 1
        /// "wb".
        case write = 5
    }

    private let handle: UInt32

    /// Opens the file of a NUL-terminated path of `length` bytes; nil if the host refuses.
    public init?(path: UnsafePointer<UInt8>, length: Int, mode: Mode) {
        let handle = Semihosting.call(
            .open, Semihosting.word(path), mode.rawValue, UInt32(length))
        guard handle >= 0 else { return nil }
        self.handle = UInt32(handle)
    }

    deinit {
        _ = Semihosting.call(.close, handle)
    }

    /// The file's size in bytes; nil if the host cannot tell.
    public var length: Int? {
        let bytes = Semihosting.call(.length, handle)
        return bytes >= 0 ? Int(bytes) : nil
    }

    /// Moves to a byte of the file.
    public func seek(to byte: Int) -> Bool {
        Semihosting.call(.seek, handle, UInt32(byte)) == 0
    }

    /// Reads up to `buffer.count` bytes and returns how many.
    public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let left = Semihosting.call(
            .read, handle, Semihosting.word(buffer.baseAddress), UInt32(buffer.count))
        return left >= 0 ? max(0, buffer.count - Int(left)) : 0
    }

    /// Reads exactly `buffer.count` bytes; false at the end of the file.
    public func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        var done = 0
        while done < buffer.count {
            let count = read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
            if count == 0 { return false }
            done += count
        }
        return true
    }

    /// Writes all bytes; false if the host does not take them.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        Semihosting.call(
            .write, handle, Semihosting.word(bytes.baseAddress), UInt32(bytes.count)) == 0
    }
}
