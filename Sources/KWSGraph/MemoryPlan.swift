// SPDX-License-Identifier: Apache-2.0

/// Where every tensor and every layer's scratch lies in the arena, in bytes, and which layers take
/// turns.
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

    /// The slots of a tensor: row `r` lies in slot `(r + phase) mod rows` (SPEC.md 4.1).
    package struct Slots: Hashable, Sendable {
        package var rows: Int
        package var phase: Int

        package init(rows: Int, phase: Int = 0) {
            self.rows = rows
            self.phase = phase
        }
    }

    /// Something that occupies bytes, from the first step that needs it to the last: for drawings.
    package struct Lifetime: Sendable {
        package enum Kind: Sendable {
            case tensor
            /// A tensor of which so many rows are there at a time.
            case rows(Int, of: Int)
            case scratch, progress
        }

        package var name: String
        package var kind: Kind
        package var range: Range
        package var steps: ClosedRange<Int>

        package init(name: String, kind: Kind, range: Range, steps: ClosedRange<Int>) {
            self.name = name
            self.kind = kind
            self.range = range
            self.steps = steps
        }
    }

    /// By tensor index; all slots of it.
    package var tensors: [Range]
    /// By tensor index.
    package var slots: [Slots]
    /// By layer index; nil where the kernel needs none.
    package var scratch: [Range?]
    /// By layer index: whether it takes turns with the layer before.
    package var chained: [Bool]
    /// The counts of the longest chain.
    package var progress: Range
    package var arenaBytes: Int
    /// Of these, from the beginning on, where lies what outlasts a decision.
    package var keptBytes: Int
    /// The most bytes that are live at once: no plan with these chains and places can be smaller.
    package var lowerBound: Int
    /// Tensors, scratch and counts in order of their first step; step -1 is before the first layer.
    package var lifetimes: [Lifetime]

    package init(
        tensors: [Range], slots: [Slots], scratch: [Range?], chained: [Bool], progress: Range,
        arenaBytes: Int, keptBytes: Int = 0, lowerBound: Int, lifetimes: [Lifetime]
    ) {
        self.tensors = tensors
        self.slots = slots
        self.scratch = scratch
        self.chained = chained
        self.progress = progress
        self.arenaBytes = arenaBytes
        self.keptBytes = keptBytes
        self.lowerBound = lowerBound
        self.lifetimes = lifetimes
    }
}
