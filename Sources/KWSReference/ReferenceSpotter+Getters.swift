// SPDX-License-Identifier: Apache-2.0

extension ReferenceSpotter {
    /// Classes that can fire, then phrases.
    public var keywordCount: Int { block.detector?.eventCount ?? 0 }
    /// Outputs of the network.
    public var classCount: Int { block.header.labelCount }
    /// int8 inputs of the network.
    public var featureCount: Int { block.tensor(0).elements }
    /// Hz; 0 for a model without front end.
    public var sampleRate: Int { block.frontEnd?.sampleRate ?? 0 }
    /// Samples between two frames.
    public var hopSamples: Int { block.frontEnd?.hopSamples ?? 0 }
    /// Hops that one decision looks at.
    public var windowHops: Int { block.frontEnd?.windowHops ?? 0 }
    /// Samples that one decision looks at.
    public var windowSamples: Int { hopSamples * windowHops }
    /// Samples refused since the last reset.
    public var overruns: UInt32 { state.pointee.overruns }
    /// Hops done since the last reset.
    public var steps: UInt64 { state.pointee.steps }
    /// Inferences of the stream since the last reset: who polls sees it rise after each.
    public var decisions: UInt64 { state.pointee.decisions }

    /// The spectrum of the newest frame: int32 `[fft_points / 2 + 1][re, im]`, SPEC.md 5, step 3.
    package var spectrum: UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(
            start: region(plan.spectrum, of: Int32.self),
            count: block.frontEnd.map { 2 * ($0.points + 1) } ?? 0)
    }

    /// `e` of the newest frame, SPEC.md 5, step 3; -1 for silence.
    package var exponent: Int32 { state.pointee.exponent }

    /// The logarithms of a frame, Q10 `[band_count]`, SPEC.md 5, step 5; the last `frame_count`
    /// frames are there.
    package func logarithms(ofFrame frame: Int) -> UnsafeBufferPointer<Int16> {
        guard let frontEnd = block.frontEnd else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let slot = frame % frontEnd.frameCount
        return UnsafeBufferPointer(
            start: region(plan.rows, of: Int16.self) + slot * frontEnd.bandCount,
            count: frontEnd.bandCount)
    }

    /// The model's name; NUL-terminated UTF-8 inside the block.
    public var nameBytes: UnsafePointer<CChar> {
        block.table(block.header.nameOffset, of: CChar.self)
    }

    /// A class's label, nil if out of range; NUL-terminated UTF-8 inside the block.
    public func classLabelBytes(of index: Int) -> UnsafePointer<CChar>? {
        (0..<classCount).contains(index) ? block.label(index) : nil
    }

    /// A keyword's label, nil if out of range; NUL-terminated UTF-8 inside the block.
    public func labelBytes(of keyword: Int) -> UnsafePointer<CChar>? {
        if let detector = block.detector, keyword >= detector.keywordCount,
            keyword < detector.eventCount
        {
            let phrase = detector.phrase(keyword - detector.keywordCount, in: block)
            return block.table(phrase.nameOffset, of: CChar.self)
        }
        return classIndex(of: keyword).map { block.label($0) }
    }

    /// The class that a keyword stands for, nil for a phrase and if out of range.
    public func classIndex(of keyword: Int) -> Int? {
        guard let detector = block.detector, (0..<detector.keywordCount).contains(keyword) else {
            return nil
        }
        return detector.classIndex(of: keyword, in: block)
    }

    /// The threshold of a keyword in units of 1/65536.
    public func threshold(of keyword: Int) throws(ReferenceError) -> UInt16 {
        guard (0..<keywordCount).contains(keyword) else {
            throw ReferenceError(.argument, "no such keyword", at: keyword)
        }
        return thresholds[keyword]
    }

    /// Sets the threshold of a keyword in units of 1/65536; 65535 never fires.
    public mutating func setThreshold(
        _ threshold: UInt16, of keyword: Int
    ) throws(ReferenceError) {
        guard (0..<keywordCount).contains(keyword) else {
            throw ReferenceError(.argument, "no such keyword", at: keyword)
        }
        thresholds[keyword] = threshold
    }
}

#if !hasFeature(Embedded)
    extension ReferenceSpotter {
        /// The model's name.
        public var name: String { String(cString: nameBytes) }

        /// The labels of the classes, by index.
        public var classes: [String] {
            (0..<classCount).map { String(cString: block.label($0)) }
        }

        /// The labels of the keywords, by number.
        public var keywords: [String] {
            (0..<keywordCount).map { labelBytes(of: $0).map { String(cString: $0) } ?? "" }
        }
    }
#endif
