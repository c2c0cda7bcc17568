// SPDX-License-Identifier: Apache-2.0

import CKWS
import KeywordSpotter
import Testing

/// Loads a block and makes an instance of it in memory with guard bytes on both sides.
///
/// - Parameters:
///   - short: bytes of memory less than required.
///   - shift: bytes by which the memory is off its alignment.
func withInstance<R>(
    _ bytes: [UInt8], short: Int = 0, shift: Int = 0,
    _ body: (inout KeywordSpotter) throws -> R
) throws -> R {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 4)
    defer { block.deallocate() }
    block.copyBytes(from: bytes)
    var model = kws_model()
    kws_model_load(&model, block.baseAddress, UInt32(bytes.count))
    return try withUnsafePointer(to: model) { model in
        let size = KeywordSpotter.requiredSize(of: model) - short
        let guardBytes = 64
        let whole = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(0, size) + 2 * guardBytes + 4, alignment: 4)
        defer { whole.deallocate() }
        whole.copyBytes(from: Array(repeating: 0xC3, count: whole.count))
        let start = guardBytes + shift
        let memory = UnsafeMutableRawBufferPointer(
            rebasing: whole[start..<start + max(0, size)])
        var spotter = try KeywordSpotter(model: model, memory: memory)
        let result = try body(&spotter)
        let outside = Array(whole[..<start]) + Array(whole[(start + max(0, size))...])
        #expect(outside.allSatisfy { $0 == 0xC3 }, "the instance wrote outside its memory")
        return result
    }
}

extension KeywordSpotter {
    /// Pushes in chunks, polls until idle after each, and returns the events.
    mutating func hear(_ samples: [Int16], chunk: Int) throws(SpotterError) -> [SpotterEvent] {
        var events = [SpotterEvent]()
        var rest = samples[...]
        while !rest.isEmpty {
            let taken = rest.prefix(chunk).withUnsafeBufferPointer { push($0) }
            rest = rest.dropFirst(taken)
            poll: while true {
                switch try poll() {
                case .idle: break poll
                case .again: continue
                case .event(let event): events.append(event)
                }
            }
        }
        return events
    }
}
