// SPDX-License-Identifier: Apache-2.0

package import KWSReference

/// A model block in aligned memory of its own, for the Swift reference.
///
/// A class because it owns memory whose address must not change; nothing in it changes after init.
package final class ReferenceBlock: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer
    private let instanceBytes: Int

    /// - Parameter name: the model, for error messages.
    /// - Throws: the reference's reason if it refuses the block.
    package init(_ block: [UInt8], name: String) throws(EvaluationError) {
        memory = .allocate(byteCount: max(4, block.count), alignment: 4)
        memory.copyBytes(from: block)
        do throws(ReferenceError) {
            instanceBytes = try ReferenceSpotter.requiredSize(
                of: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[..<block.count])
            )
        } catch {
            throw EvaluationError(.badData, name, "the reference refuses it: \(error)")
        }
    }

    deinit { memory.deallocate() }

    /// Makes an instance in fresh memory, lends it to `body` and frees the memory.
    package func withSpotter<R>(
        _ body: (inout ReferenceSpotter) throws(EvaluationError) -> R
    ) throws(EvaluationError) -> R {
        let instance = UnsafeMutableRawBufferPointer.allocate(
            byteCount: instanceBytes, alignment: 16)
        defer { instance.deallocate() }
        var spotter: ReferenceSpotter
        do throws(ReferenceError) {
            spotter = try ReferenceSpotter(
                block: UnsafeRawBufferPointer(memory), memory: instance)
        } catch {
            throw EvaluationError(.failure, "the reference", "\(error)")
        }
        return try body(&spotter)
    }
}
