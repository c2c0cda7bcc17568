// SPDX-License-Identifier: Apache-2.0

/// Neighbouring channels, which every kernel works on together.
typealias Lanes = SIMD8<Float>

/// Calls `body` with the start of each group of eight of `count` numbers and the group's size.
///
/// The size is the constant 8 in the loop, so a load or store of a whole group is one move.
@inline(__always)
func eachLanes(_ count: Int, _ body: (_ first: Int, _ size: Int) -> Void) {
    var first = 0
    while first &+ 8 <= count {
        body(first, 8)
        first &+= 8
    }
    if first < count { body(first, count &- first) }
}

extension UnsafePointer<Float> {
    /// `size` numbers from `first` on; the lanes behind them are zero.
    @inline(__always)
    func lanes(_ first: Int, _ size: Int) -> Lanes {
        if size == 8 {
            return UnsafeRawPointer(self + first).loadUnaligned(as: Lanes.self)
        }
        var lanes = Lanes()
        for i in 0..<size { lanes[i] = self[first &+ i] }
        return lanes
    }
}

extension UnsafeMutablePointer<Float> {
    /// `size` numbers from `first` on; the lanes behind them are zero.
    @inline(__always)
    func lanes(_ first: Int, _ size: Int) -> Lanes {
        UnsafePointer(self).lanes(first, size)
    }

    /// Writes the first `size` lanes from `first` on.
    @inline(__always)
    func store(_ lanes: Lanes, _ first: Int, _ size: Int) {
        if size == 8 {
            UnsafeMutableRawPointer(self + first).storeBytes(of: lanes, as: Lanes.self)
        } else {
            for i in 0..<size { self[first &+ i] = lanes[i] }
        }
    }

    /// `self[i] += other[i]`.
    func add(_ other: UnsafePointer<Float>, count: Int) {
        eachLanes(count) { i, n in store(lanes(i, n) + other.lanes(i, n), i, n) }
    }
}
