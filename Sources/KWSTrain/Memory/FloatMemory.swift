// SPDX-License-Identifier: Apache-2.0

/// A block of floats that lives as long as its owner, aligned to a cache line, zero at first.
///
/// Inner loops read it through `data` without a check; whoever makes a layer has checked the sizes.
final class FloatMemory: @unchecked Sendable {
    let data: UnsafeMutablePointer<Float>
    let count: Int

    init(_ count: Int) {
        self.count = count
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
        data = raw.bindMemory(to: Float.self, capacity: max(count, 1))
        data.initialize(repeating: 0, count: max(count, 1))
    }

    deinit {
        UnsafeMutableRawPointer(data).deallocate()
    }

    /// A copy of the numbers.
    var numbers: [Float] { Array(UnsafeBufferPointer(start: data, count: count)) }
}
