// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

extension ReferenceSpotter {
    /// Takes the posteriors of an inference and says which keyword fires, if any (SPEC.md 6).
    func detect(_ frontEnd: FrontEndRecord, _ detector: DetectorRecord) -> ReferenceEvent? {
        keepPosteriors(detector, isOpen: contrast(frontEnd) >= detector.contrast)
        let steps = state.pointee.steps
        guard steps > state.pointee.lockedUntil else { return nil }

        var best: (keyword: Int, score: UInt32)?
        for keyword in 0..<detector.keywordCount {
            let score = smoothedScore(of: keyword, detector)
            let threshold = thresholds[keyword]
            guard threshold < 65535, score >= UInt32(threshold) else { continue }
            if let best, best.score >= score { continue }
            best = (keyword, score)
        }
        guard let best else { return nil }
        state.pointee.lockedUntil = steps + UInt64(detector.lockoutHops)

        let hop = UInt32(frontEnd.hopSamples)
        let end = UInt32(truncatingIfNeeded: steps) &* hop
        return ReferenceEvent(
            startSample: end &- hop &* UInt32(frontEnd.windowHops), endSample: end,
            keyword: best.keyword, score: UInt16(best.score))
    }

    /// The largest difference between the sums of two rows of the network's input.
    private func contrast(_ frontEnd: FrontEndRecord) -> UInt32 {
        let count = frontEnd.rowBytes
        var (low, high) = (Int.max, Int.min)
        for row in 0..<frontEnd.frameCount {
            var sum = 0
            for column in 0..<count {
                sum += Int(features[row * count + column])
            }
            (low, high) = (min(low, sum), max(high, sum))
        }
        // 0 <= high - low <= 255 * 512.
        return UInt32(high - low)
    }

    /// Writes the keywords' posteriors over the oldest ones, zeros if the gate is closed; a reset
    /// has made all zero.
    private func keepPosteriors(_ detector: DetectorRecord, isOpen: Bool) {
        let scores = layerOutput(layerCount - 1)
        let decision = state.pointee.decisions - 1
        let slot = Int(decision % UInt64(detector.smoothing))
        let posteriors = region(plan.posteriors, of: UInt8.self) + slot * detector.keywordCount
        for keyword in 0..<detector.keywordCount {
            let q = scores[detector.classIndex(of: keyword, in: block)]
            posteriors[keyword] = isOpen ? q : 0
        }
    }

    /// `min(65535, div(256 * S, smoothing))`; `256 * S <= 256 * 64 * 255 < 2^22`.
    private func smoothedScore(of keyword: Int, _ detector: DetectorRecord) -> UInt32 {
        let posteriors = region(plan.posteriors, of: UInt8.self)
        var sum: UInt32 = 0
        for slot in 0..<detector.smoothing {
            sum += UInt32(posteriors[slot * detector.keywordCount + keyword])
        }
        return min(65535, Fixed.div(256 * sum, UInt32(detector.smoothing)))
    }
}
