// SPDX-License-Identifier: Apache-2.0

import Board

/// The board's memory for test data, handed out from its start and given back all at once.
public struct Pool: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer
    private var used = 0

    /// The whole pool of the linker script; at most one value may exist at a time.
    public init() {
        memory = UnsafeMutableRawBufferPointer(
            start: board_pool_start(), count: board_pool_bytes())
    }

    /// A place to return to with `release(to:)`.
    public var mark: Int { used }

    public mutating func release(to mark: Int) {
        used = mark
    }

    /// Takes zeroed bytes, aligned to 8; nil if the pool is spent.
    public mutating func take(bytes: Int) -> UnsafeMutableRawBufferPointer? {
        guard bytes >= 0, bytes <= memory.count - used else { return nil }
        let taken = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + bytes])
        used = min(memory.count, (used + bytes + 7) & ~7)
        _ = taken.initializeMemory(as: UInt8.self, repeating: 0)
        return taken
    }

    /// Takes room for `count` trivial values; their bytes are zero.
    public mutating func take<T: BitwiseCopyable>(
        _ type: T.Type, count: Int
    ) -> UnsafeMutableBufferPointer<T>? {
        let bytes = count.multipliedReportingOverflow(by: MemoryLayout<T>.stride)
        guard !bytes.overflow else { return nil }
        return take(bytes: bytes.partialValue)?.bindMemory(to: type)
    }
}
