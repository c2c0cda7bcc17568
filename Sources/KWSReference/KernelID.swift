// SPDX-License-Identifier: Apache-2.0

/// The operator of a `kws_kernel_id`, whose lowest four bits are those of a weight.
enum KernelID: Int {
    case convolution = 1
    case depthwise = 2
    case dense = 3
    case pointwise = 4
    case maxPool = 5
    case averagePool = 6
    case mean = 7
    case add = 8
    case place = 9
    case transpose = 10
    case softmax = 11
    case view = 12
    case denseGaps = 13
    case denseBlocks = 14
    case pointwiseGaps = 15
    case pointwiseBlocks = 16
    case lstm = 17
    case gru = 18
    case lstmGaps = 19
    case gruGaps = 20

    /// The operator of a kernel that SPEC.md knows, else nil.
    init?(kernel: Int) {
        self.init(rawValue: kernel >> 4)
        let bits = kernel & 15
        guard hasWeights ? bits == 8 || (2...4).contains(bits) : bits == 0 else { return nil }
    }

    /// May a layer stand in a chain, behind its first one?
    var mayFollow: Bool { self == .mean || mayPrecede }

    /// May a layer stand in a chain, before its last one?
    var mayPrecede: Bool {
        switch self {
        case .convolution, .depthwise, .pointwise, .pointwiseGaps, .pointwiseBlocks, .maxPool,
            .averagePool:
            true
        default: false
        }
    }

    var hasWeights: Bool {
        switch self {
        case .convolution, .depthwise, .dense, .pointwise, .lstm, .gru: true
        default: isSparse
        }
    }

    /// Are weights of 0 left out (SPEC.md section 4.3)?
    var isSparse: Bool {
        switch self {
        case .denseGaps, .denseBlocks, .pointwiseGaps, .pointwiseBlocks, .lstmGaps, .gruGaps: true
        default: false
        }
    }

    var isLSTM: Bool { self == .lstm || self == .lstmGaps }
    var isGRU: Bool { self == .gru || self == .gruGaps }
    var isRecurrent: Bool { isLSTM || isGRU }
}
