// SPDX-License-Identifier: Apache-2.0

import CKWS
import KWSNumerics

/// A checksum of everything that passed through each stage, to compare two builds by.
///
/// A stage's checksums of single rows are added with a weight that depends on the inference, so
/// the order of rows within an inference does not matter, and that of inferences does.
struct Tally {
    static let mostStages = 64

    /// Stage 0 is the network's input, stage `i + 1` layer `i`.
    private var sums = [64 of UInt32](repeating: 0)
    private(set) var stageCount = 0
    private(set) var inferences: UInt32 = 0
    /// Whether a row was reported since the last look.
    var sawRow = false
    private let lastLayer: UInt32

    init(layerCount: Int) {
        lastLayer = UInt32(layerCount - 1)
        stageCount = min(layerCount + 1, Tally.mostStages)
    }

    /// The checksum of a stage.
    func sum(of stage: Int) -> UInt32 { sums[stage] }

    /// All stages in one number.
    var total: UInt32 {
        var total: UInt32 = 0
        for stage in 0..<stageCount { total = total &* 31 &+ sums[stage] }
        return total
    }

    mutating func add(layer: UInt32, first: UInt32, _ row: UnsafeBufferPointer<UInt8>) {
        sawRow = true
        let stage = layer == KWS_OBSERVE_FEATURES ? 0 : Int(layer) + 1
        guard stage < stageCount else { return }
        var sum = PositionChecksum()
        sum.add(firstPosition: first, values: row)
        sums[stage] &+= sum.value &* (2 &* inferences &+ 1)
        // The last layer is a softmax of one row.
        if layer == lastLayer { inferences &+= 1 }
    }
}
