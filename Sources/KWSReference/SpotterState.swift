// SPDX-License-Identifier: Apache-2.0

/// What stands at the start of an instance's memory.
struct SpotterState {
    let block: Block
    let plan: MemoryPlan
    /// Samples taken since the start.
    var pushed: UInt64 = 0
    /// Samples refused since the start.
    var overruns: UInt32 = 0
    /// Hops done since the start.
    var steps: UInt64 = 0
    /// Decisions taken since the start.
    var decisions: UInt64 = 0
    /// The last hop that was loud, counted from 1; 0: none.
    var loudStep: UInt64 = 0
    /// Was there no inference since the start?
    var isFresh = true
    /// Is a decision on the newest hop still to be taken?
    var isDecisionDue = false
    /// `e` of the newest frame: its spectrum times `2^e` is that of the windowed samples.
    var exponent: Int32 = 0
    /// No keyword fires before more hops than these are done.
    var lockedUntil: UInt64 = 0
}
