// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// How a recurrent layer rounds while it runs: what it puts out, which its products read again, is a
/// byte (Include/SPEC.md, section 4.4). States and gates have 16 bits and are not rounded here.
struct StateRounding: Sendable {
    let quantiser: ActivationQuantiser
    let size: Parameter
    /// Of an LSTM.
    let cellRange: Parameter?
    /// Whether rounding is on, for all layers of a network.
    let state: QuantiserState

    /// The step of what an LSTM's units put out before a projection, bytes from -1 to 1.
    static let unitStep: Float = 2.0 / 255

    var isOn: Bool { state.isOn }

    /// What cells saturate at.
    var cellLimit: Float {
        guard isOn, let cellRange else { return .infinity }
        return exp2(cellRange.values[0])
    }

    /// Sums of a pass, for the size's gradient: see `QuantiserForm`.
    struct Sums {
        var inner = 0.0
        var outer = 0.0
    }

    /// Rounds `count` numbers, or copies them while rounding is off.
    @inline(__always)
    func round(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
    ) {
        guard isOn else {
            y.update(from: x, count: count)
            return
        }
        let grid = quantiser.grid
        eachLanes(count) { i, n in y.store(grid.rounded(x.lanes(i, n)), i, n) }
    }

    /// What of a gradient by rounded numbers goes on to those before rounding.
    @inline(__always)
    func passed(_ g: Lanes, at x: Lanes, _ sums: inout Sums) -> Lanes {
        let grid = quantiser.grid
        let y = grid.rounded(x)
        let passed = grid.passed(g, at: x)
        sums.inner += Double((passed * (y - x)).sum())
        sums.outer += Double(((g - passed) * y).sum())
        return passed
    }

    /// The same in place, for `count` numbers.
    @inline(__always)
    func pass(
        _ g: UnsafeMutablePointer<Float>, at x: UnsafePointer<Float>, count: Int, _ sums: inout Sums
    ) {
        eachLanes(count) { i, n in
            g.store(passed(g.lanes(i, n), at: x.lanes(i, n), &sums), i, n)
        }
    }

    /// Writes a shard's part of the size's gradient.
    func finish(_ sums: Sums, shard: Int) {
        // A grid that a projection's sums dictate is not learned.
        size.gradient(shard)[0] =
            quantiser.grid.isHeld ? 0 : Float(naturalLogarithmOf2 * (sums.inner + sums.outer))
    }
}
