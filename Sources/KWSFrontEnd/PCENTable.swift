// SPDX-License-Identifier: Apache-2.0

/// `kws_pcen`: PCEN in integers, see SPEC.md, section 5.
package struct PCENTable: Hashable, Sendable {
    /// Q15.
    package let smoothing: UInt16
    /// Q15, 32768 at most.
    package let gain: UInt16
    /// Q15, 32768 at most.
    package let root: UInt16
    /// Q10, as the bands' logarithms count.
    package let epsilon: Int16
    /// Q10.
    package let bias: Int16
    /// Q10.
    package let top: Int16
    /// Q10.
    package let offset: Int32

    /// - Parameter largest: the largest feature that the network's input can tell from larger ones.
    init(_ pcen: PCEN, units: LogUnits, largest: Double) throws(FrontEndError) {
        func q15(_ value: Double) -> UInt16 { UInt16((32768 * value).rounded()) }
        func q10(_ octaves: Double) -> Double { (1024 * octaves).rounded() }
        smoothing = q15(pcen.smoothing)
        gain = q15(pcen.gain)
        root = q15(pcen.root)
        bias = Int16(q10(Mathematics.log2(pcen.bias)))
        let octaves = Mathematics.log2(pcen.epsilon) + units.origin
        guard octaves < 32 else {
            throw FrontEndError(
                field: "pcen.epsilon", found: "\(pcen.epsilon)",
                allowed: "less than the loudest sound's energy")
        }
        // What is less than the least mean adds nothing to any.
        epsilon = Int16(q10(max(-32, octaves)))
        offset = Int32((-1024 * units.origin * (1 - Double(gain) / 32768)).rounded())
        let highest = max(largest, 0) + pcen.biasRoot
        top = Int16(min(32767, max(-32768, (1024 * Mathematics.log2(highest)).rounded(.up))))
    }

    /// As they lie in a block.
    var halves: [Int16] {
        [
            Int16(bitPattern: smoothing), Int16(bitPattern: gain), Int16(bitPattern: root), epsilon,
            bias, top, Int16(truncatingIfNeeded: offset), Int16(truncatingIfNeeded: offset >> 16),
        ]
    }

    /// - Parameter halves: eight numbers as a block has them.
    package init(halves: [Int16]) {
        smoothing = UInt16(bitPattern: halves[0])
        gain = UInt16(bitPattern: halves[1])
        root = UInt16(bitPattern: halves[2])
        (epsilon, bias, top) = (halves[3], halves[4], halves[5])
        offset = Int32(halves[7]) << 16 | Int32(UInt16(bitPattern: halves[6]))
    }
}
