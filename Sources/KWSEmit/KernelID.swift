// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// The kernel ids of kws_model.h.
package enum KernelID: UInt16, Sendable, CaseIterable {
    case convolution = 1
    case depthwise = 2
    case dense = 3
    case maxPool = 4
    case averagePool = 5
    case add = 6
    case place = 7
    case transpose = 8
    case softmax = 9
    case view = 10
    case pointwise = 11
    case featuresLogMel = 101
    case featuresMFCC = 102
    case featuresMFCCPeak = 103

    package init(_ operation: QuantOperator) {
        self =
            switch operation {
            case .convolution: .convolution
            case .pointwise: .pointwise
            case .depthwise: .depthwise
            case .dense: .dense
            case .maxPool: .maxPool
            case .averagePool: .averagePool
            case .add: .add
            case .place: .place
            case .transpose: .transpose
            case .view: .view
            case .softmax: .softmax
            }
    }

    /// The kernel object of libkws.a.
    package var symbol: String {
        switch self {
        case .convolution: "kws_conv_s8s8"
        case .depthwise: "kws_dwconv_s8s8"
        case .dense: "kws_dense_s8s8"
        case .maxPool: "kws_maxpool_s8"
        case .averagePool: "kws_avgpool_s8"
        case .add: "kws_add_s8"
        case .place: "kws_place_s8"
        case .transpose: "kws_transpose_s8"
        case .softmax: "kws_softmax_s8"
        case .view: "kws_view_s8"
        case .pointwise: "kws_pointwise_s8s8"
        case .featuresLogMel: "kws_features_logmel"
        case .featuresMFCC: "kws_features_mfcc"
        case .featuresMFCCPeak: "kws_features_mfcc_peak"
        }
    }
}

extension KernelID {
    /// The files of Sources/CKWS that only this kernel (and maybe a few others) needs.
    var sourceFiles: [String] {
        switch self {
        case .convolution: ["conv_ref.c"]
        case .depthwise: ["dwconv_ref.c"]
        case .dense: ["dense_ref.c"]
        case .maxPool: ["maxpool_ref.c"]
        case .averagePool: ["avgpool_ref.c"]
        case .add: ["add_ref.c"]
        case .place: ["place_ref.c"]
        case .transpose: ["transpose_ref.c"]
        case .softmax: ["softmax_ref.c"]
        case .view: ["view_ref.c"]
        case .pointwise: ["pointwise_ref.c"]
        case .featuresLogMel: ["features_logmel.c"] + KernelID.logMelFiles
        case .featuresMFCC: ["features_mfcc.c", "dct.c"] + KernelID.logMelFiles
        case .featuresMFCCPeak: ["features_mfcc_peak.c", "dct.c"] + KernelID.logMelFiles
        }
    }

    /// What every front end starts with.
    private static let logMelFiles = ["window.c", "fft.c", "bands.c", "logmel.c", "feature.c"]
}
