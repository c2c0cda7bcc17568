// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// The kernel ids of kws_model.h: an operator, times 16, plus the bits of a weight.
package enum KernelID: Hashable, Sendable {
    case layer(Operator, weightBits: Int)
    case features(UInt16)
    case detection(Detection)

    /// Of kws_detection_id.
    package enum Detection: UInt16, Sendable, CaseIterable {
        case energy = 0x301
        case phrases = 0x302
    }

    /// What a layer's kernel does.
    package enum Operator: UInt16, Sendable, CaseIterable {
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
    }

    package init(_ layer: QuantGraph.Layer) {
        let kind: Operator =
            switch layer.operation {
            case .convolution: .convolution
            case .pointwise: layer.storage.pick(.pointwise, .pointwiseGaps, .pointwiseBlocks)
            case .depthwise: .depthwise
            case .dense: layer.storage.pick(.dense, .denseGaps, .denseBlocks)
            case .maxPool: .maxPool
            case .averagePool: .averagePool
            case .mean: .mean
            case .add: .add
            case .place: .place
            case .transpose: .transpose
            case .view: .view
            case .softmax: .softmax
            case .recurrent(let recurrence):
                switch (recurrence.cell, layer.storage) {
                case (.lstm, .dense): .lstm
                case (.gru, .dense): .gru
                case (.lstm, _): .lstmGaps
                case (.gru, _): .gruGaps
                }
            }
        self = .layer(kind, weightBits: kind.hasWeights ? layer.weightBits : 0)
    }

    /// Of kws_kernel_id, kws_features_id or kws_detection_id.
    package var number: UInt16 {
        switch self {
        case .layer(let kind, let bits): kind.rawValue * 16 + UInt16(bits)
        case .features(let number): number
        case .detection(let part): part.rawValue
        }
    }

    /// The kernel object of libkws.a.
    package var symbol: String {
        switch self {
        case .layer(let kind, let bits): "kws_\(kind.name)_w\(bits)"
        case .features(let number): "kws_features_\(KernelID.frontEnd(number).name)"
        case .detection(let part): "kws_detection_\(part)"
        }
    }

    package static let all: [KernelID] =
        Operator.allCases.flatMap { kind in
            (kind.hasWeights ? [8, 4, 3, 2] : [0]).map { KernelID.layer(kind, weightBits: $0) }
        } + frontEnds.map { .features($0.number) } + Detection.allCases.map { .detection($0) }
}

extension WeightStorage {
    fileprivate func pick(
        _ dense: KernelID.Operator, _ gaps: KernelID.Operator, _ blocks: KernelID.Operator
    ) -> KernelID.Operator {
        switch self {
        case .dense: dense
        case .gaps: gaps
        case .blocks: blocks
        }
    }
}

extension KernelID.Operator {
    var hasWeights: Bool {
        rawValue <= KernelID.Operator.pointwise.rawValue || isSparse || isRecurrent
    }

    var isSparse: Bool {
        switch self {
        case .denseGaps, .denseBlocks, .pointwiseGaps, .pointwiseBlocks, .lstmGaps, .gruGaps: true
        default: false
        }
    }

    /// Of packed weights.
    var isRecurrent: Bool { self == .lstm || self == .gru }

    /// As in the names of files and symbols.
    var name: String {
        switch self {
        case .convolution: "conv"
        case .depthwise: "dwconv"
        case .dense: "dense"
        case .pointwise: "pointwise"
        case .maxPool: "maxpool"
        case .averagePool: "avgpool"
        case .mean: "mean"
        case .add: "add"
        case .place: "place"
        case .transpose: "transpose"
        case .softmax: "softmax"
        case .view: "view"
        case .denseGaps: "dense_gaps"
        case .denseBlocks: "dense_blocks"
        case .pointwiseGaps: "pointwise_gaps"
        case .pointwiseBlocks: "pointwise_blocks"
        case .lstm: "lstm"
        case .gru: "gru"
        case .lstmGaps: "lstm_gaps"
        case .gruGaps: "gru_gaps"
        }
    }
}

extension KernelID.Operator {
    /// The files of Sources/CKWS that the operator has in each variant.
    fileprivate var variantFiles: [String] {
        switch self {
        case .convolution, .pointwise, .dense:
            ["v6m", "v7m", "dsp", "mve"].map { "\(name)_\($0).c" } + KernelID.matrixFiles
        case .depthwise: KernelID.depthwiseFiles
        case .maxPool, .averagePool:
            ["fours", "dsp", "mve"].map { "\(name)_\($0).c" } + ["pool.c"]
        case .mean: ["mean_words.c", "mean_dsp.c", "mean_mve.c"]
        case .add: ["add_bytes.c", "add_dsp.c", "add_mve.c"]
        case .lstm, .gru:
            ["\(name)_dense.c", "gate_rows_mve.h"]
                + ["ref", "v6m", "v7m", "dsp", "mve"].map { "gate_rows_\($0).c" }
                + (self == .lstm ? KernelID.lstmFiles : KernelID.gruFiles)
                + KernelID.matrixFiles
        default: []
        }
    }

    /// The files of a sparse operator, beside its own.
    fileprivate var sparseFiles: [String] {
        let gaps = ["gaps_ref.c", "gaps_v6m.c", "gaps_t32.c", "gaps.h"]
        let own =
            switch self {
            case .lstmGaps: gaps + KernelID.lstmFiles
            case .gruGaps: gaps + KernelID.gruFiles
            case .denseGaps, .pointwiseGaps: gaps + ["sparse.c"]
            default:
                [
                    "ref", "v6m", "v7m", "dsp", "w8_dsp", "w4_dsp", "w3_dsp", "w2_dsp", "mve",
                ].map { "blocks_\($0).c" } + ["sparse.c"]
            }
        return ["sparse_check.c", "recurrent.h", "gate_rows.h"] + own
    }
}

extension KernelID {
    /// The files of Sources/CKWS that only this kernel (and maybe a few others) needs.
    var sourceFiles: [String] {
        switch self {
        case .layer(.softmax, _): ["softmax_ref.c", "exp2_table.c"]
        case .layer(let kind, _) where kind.isSparse: ["\(kind.name).c"] + kind.sparseFiles
        case .layer(let kind, _) where kind.isRecurrent: kind.variantFiles
        case .layer(let kind, _): ["\(kind.name)_ref.c"] + kind.variantFiles
        case .features(let number):
            ["features_\(KernelID.frontEnd(number).name).c"] + KernelID.frontEnd(number).files
        case .detection(let part): ["detection_\(part).c"]
        }
    }

    /// The front ends: kws_features_id, the name in files and symbols, and the files that it needs
    /// beside its own.
    fileprivate static let frontEnds: [(number: UInt16, name: String, files: [String])] = [
        (0x201, "logmel", logMelFiles), (0x202, "mfcc", ["dct.c"] + logMelFiles),
        (
            0x203, "mfcc_peak",
            ["divide.c", "divide_mve.c", "log_sums.h", "dct.c"] + logMelFiles
        ),
        (0x204, "logsum", ["log_sums.h"] + logMelFiles),
        (0x205, "pcen", ["log_sums.h", "exp2_table.c"] + logMelFiles),
        (0x206, "waveform", ["feature.c"]),
    ]

    fileprivate static func frontEnd(_ number: UInt16) -> (name: String, files: [String]) {
        let found = frontEnds.first { $0.number == number } ?? frontEnds[0]
        return (found.name, found.files)
    }

    /// A cell, whatever its weights.
    fileprivate static let lstmFiles =
        ["lstm_ref.c", "lstm_units.c", "lstm_mve.c", "lstm.h"] + recurrentFiles
    fileprivate static let gruFiles = ["gru_ref.c", "gru.h"] + recurrentFiles
    private static let recurrentFiles = [
        "recurrent.c", "recurrent.h", "gate_rows.h", "gates.h", "gates_mve.h", "sigmoid_table.c",
    ]

    /// What CONV, POINTWISE and DENSE share: gathers and matrix cores.
    fileprivate static let matrixFiles = [
        "matrix_v6m.c", "matrix8_v6m.c", "matrix4_v6m.c", "matrix3_v6m.c", "matrix2_v6m.c",
        "rows_v7m.c", "patch_v7m.c", "widen_v7m.c", "matrix_w8_v7m.c", "matrix_w4_v7m.c",
        "matrix_w3_v7m.c", "matrix_w2_v7m.c",
        "patches_dsp.c", "gather_dsp.c", "widen_dsp.c", "matrix8_dsp.c", "matrix4_dsp.c",
        "matrix3_dsp.c",
        "matrix2_dsp.c", "nested4_dsp.c", "nested3_dsp.c", "nested2_dsp.c",
        "product_mve.c", "patches_mve.c", "matrix_w8_mve.c", "matrix_w4_mve.c",
        "matrix_w3_mve.c", "matrix_w2_mve.c",
    ]

    fileprivate static let depthwiseFiles = [
        "depthwise_any.c",
        "dwconv_v6m.c", "dwconv3_v6m.c", "dwconv_lists_v6m.c", "dwconv_taps_v6m.c",
        "dwconv_column_v6m.c",
        "dwconv_v7m.c", "dw3_rows_v7m.c", "dw3_w8_v7m.c", "dw3_narrow_v7m.c",
        "depthwise_steps_t32.c", "steps_t32.c", "depthwise_slide_t32.c", "slide_t32.c",
        "depthwise_column_t32.c", "column_t32.c", "slide_dsp.c",
        "depthwise_tall_dsp.c", "tall_dsp.c", "dwconv_dsp.c", "columns8_dsp.c", "columns4_dsp.c",
        "columns3_dsp.c",
        "dwconv_mve.c", "dwconv_line_mve.c", "dwconv_three_mve.c", "dwconv_plain_mve.c",
        "dwconv_groups_mve.c",
        "dwconv_words_mve.c", "dwconv_runs_mve.c", "dwconv_large_mve.c", "depthwise_mve.c",
        "words_mve.c",
    ]

    /// What every front end with bands starts with.
    private static let logMelFiles = [
        "window.c", "window.h", "window_runs.c", "window_runs_mve.c", "packed_complex.h",
        "fft.c", "fft_dsp.c", "fft_mve.c", "fft_levels.h", "bit_reversed.h", "bins.c", "bins_dsp.c",
        "bins_mve.c",
        "bands.c", "bands_mve.c", "mel_band.h", "logmel.c", "feature.c", "root_table.c",
    ]
}
