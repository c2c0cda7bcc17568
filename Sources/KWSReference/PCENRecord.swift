// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// `kws_pcen`, and what SPEC.md section 5, step 6, makes of a band with it.
struct PCENRecord {
    static let bytes = 16

    let smoothing: Int32
    let gain: Int32
    let root: Int32
    let epsilon: Int32
    let bias: Int32
    let top: Int32
    let offset: Int32

    init(_ block: Block, at place: Int) {
        smoothing = Int32(block.u16(place))
        gain = Int32(block.u16(place + 2))
        root = Int32(block.u16(place + 4))
        epsilon = Int32(block.i16(place + 6))
        bias = Int32(block.i16(place + 8))
        top = Int32(block.i16(place + 10))
        offset = block.i32(place + 12)
    }

    var isSound: Bool {
        (1...32767).contains(smoothing) && gain <= 32768 && (1...32768).contains(root)
            && offset.magnitude <= 1 << 20
    }

    /// The logarithm, Q10, of `(E / (eps + M)^alpha + delta)^r`; `mean` is M, before the frame and
    /// then after it.
    func normalised(_ l: Int16, floor: Int32, mean: inout MeanEnergy) -> Int16 {
        let isHeard = l > floor
        let energy = isHeard ? MeanEnergy.power(Int32(l)) : nil
        if mean.isStart {
            mean = energy ?? mean
        } else {
            mean.approach(energy, smoothing: smoothing)
        }
        var sum = bias
        if isHeard {
            let divisor = Fixed.sat16(Fixed.logadd(mean.logarithm, epsilon))
            let ratio = Int32(l) - share(gain, Int32(divisor)) + offset
            sum = Int32(Fixed.sat16(Fixed.logadd(ratio, bias)))
        }
        // Saturation changes nothing: top is an int16, too.
        return Fixed.sat16(share(root, sum))
    }

    /// The root itself: 2^23 stands for `2^top`.
    func root(_ logarithm: Int32) -> Int32 {
        Int32(Fixed.exp2(UInt32(max(0, top - logarithm)), shift: 0)) << 8
    }

    /// `v` times a Q15 number, rounded.
    private func share(_ factor: Int32, _ v: Int32) -> Int32 { (factor * v + 16384) >> 15 }
}
