// SPDX-License-Identifier: Apache-2.0

internal import CKWS

extension KeywordSpotter {
    /// Classes that can fire.
    public var keywordCount: Int { Int(kws_keyword_count(handle)) }
    /// Outputs of the network.
    public var classCount: Int { Int(kws_class_count(handle)) }
    /// int8 inputs of the network.
    public var featureCount: Int { Int(kws_feature_count(handle)) }
    /// Rows of a window, for a model that keeps rows; else 0.
    public var rowCount: Int { Int(kws_row_count(handle)) }
    /// Rows of features from one decision to the next; 0 likewise.
    public var hopRows: Int { Int(kws_hop_rows(handle)) }
    /// Hz; 0 for a model without front end.
    public var sampleRate: Int { Int(kws_sample_rate(handle)) }
    /// Samples between two frames.
    public var hopSamples: Int { Int(kws_hop_samples(handle)) }
    /// Samples that one decision looks at.
    public var windowSamples: Int { Int(kws_window_samples(handle)) }
    /// Samples refused since the last reset.
    public var overruns: Int { Int(kws_overruns(handle)) }

    /// The model's name; NUL-terminated UTF-8 inside the model.
    public var nameBytes: UnsafePointer<CChar>? { kws_model_name(handle) }

    /// A keyword's label, nil if out of range; NUL-terminated UTF-8 inside the model.
    public func labelBytes(of keyword: Int) -> UnsafePointer<CChar>? {
        UInt32(exactly: keyword).flatMap { kws_label(handle, $0) }
    }

    /// A class's label, nil if out of range; NUL-terminated UTF-8 inside the model.
    public func classLabelBytes(of index: Int) -> UnsafePointer<CChar>? {
        UInt32(exactly: index).flatMap { kws_class_label(handle, $0) }
    }
}

#if !hasFeature(Embedded)
    extension KeywordSpotter {
        /// The model's name.
        public var name: String { nameBytes.map { String(cString: $0) } ?? "" }

        /// The labels of the keywords, by number.
        public var keywords: [String] {
            (0..<keywordCount).map { labelBytes(of: $0).map { String(cString: $0) } ?? "" }
        }

        /// The labels of the classes, by index.
        public var classes: [String] {
            (0..<classCount).map { classLabelBytes(of: $0).map { String(cString: $0) } ?? "" }
        }
    }
#endif
