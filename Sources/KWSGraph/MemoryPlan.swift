// SPDX-License-Identifier: Apache-2.0

/// Where every tensor and every layer's scratch lies in the arena, in bytes.
package struct MemoryPlan: Sendable {
    package struct Range: Hashable, Sendable {
        package var offset: Int
        package var bytes: Int

        package init(offset: Int, bytes: Int) {
            self.offset = offset
            self.bytes = bytes
        }

        package var end: Int { offset + bytes }
    }

    /// By tensor index.
    package var tensors: [Range]
    /// By layer index; nil where the kernel needs none.
    package var scratch: [Range?]
    package var arenaBytes: Int
    /// The most bytes that are live at once: no plan with these in-place choices can be smaller.
    package var lowerBound: Int

    package init(tensors: [Range], scratch: [Range?], arenaBytes: Int, lowerBound: Int) {
        self.tensors = tensors
        self.scratch = scratch
        self.arenaBytes = arenaBytes
        self.lowerBound = lowerBound
    }
}
