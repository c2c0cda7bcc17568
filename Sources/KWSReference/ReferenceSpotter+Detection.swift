// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

extension ReferenceSpotter {
    /// Takes the posteriors of an inference and says which keyword fires, if any (SPEC.md 6).
    func detect(_ frontEnd: FrontEndRecord, _ detector: DetectorRecord) -> ReferenceEvent? {
        let steps = state.pointee.steps
        let isLoud =
            detector.energy == 0
            || state.pointee.loudStep > 0
                && steps - state.pointee.loudStep < UInt64(frontEnd.windowHops)
        keepPosteriors(
            detector, isOpen: isLoud && contrast(frontEnd) >= detector.contrast)
        keepLogarithms(detector)
        guard steps > state.pointee.lockedUntil else { return nil }

        var best: (keyword: Int, score: UInt32, age: Int)?
        func consider(_ keyword: Int, _ score: UInt32, _ age: Int) {
            let threshold = thresholds[keyword]
            guard threshold < 65535, score >= UInt32(threshold) else { return }
            if let best, best.score >= score { return }
            best = (keyword, score, age)
        }
        for keyword in 0..<detector.keywordCount {
            consider(
                keyword, smoothedScore(of: keyword, detector), run(of: keyword, detector))
        }
        var firstWord = 0
        for index in 0..<detector.phraseCount {
            let phrase = detector.phrase(index, in: block)
            let found = confidence(of: phrase, firstWord: firstWord, detector)
            consider(detector.keywordCount + index, found.score, found.age)
            firstWord += phrase.wordCount
        }
        guard let best else { return nil }
        state.pointee.lockedUntil = steps + UInt64(detector.lockoutHops)

        let hop = UInt32(frontEnd.hopSamples)
        let end = UInt32(truncatingIfNeeded: steps) &* hop
        let hops = UInt32(frontEnd.windowHops + best.age * detector.inferenceHops)
        return ReferenceEvent(
            startSample: end &- hop &* hops, endSample: end, keyword: best.keyword,
            score: UInt16(best.score))
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

    /// Decisions before the newest one, among those that are averaged, since the last at which the
    /// keyword's posterior was not more than half its threshold.
    private func run(of keyword: Int, _ detector: DetectorRecord) -> Int {
        let posteriors = region(plan.posteriors, of: UInt16.self)
        let count = UInt64(detector.smoothing)
        for age in stride(from: 1, to: detector.smoothing, by: 1) {
            let slot = Int((state.pointee.decisions + count - 1 - UInt64(age)) % count)
            let q = posteriors[slot * detector.keywordCount + keyword]
            if 2 * UInt32(q) <= UInt32(thresholds[keyword]) { return age - 1 }
        }
        return detector.smoothing - 1
    }

    /// Writes the keywords' posteriors over the oldest ones, zeros if the gate is closed; a reset
    /// has made all zero.
    private func keepPosteriors(_ detector: DetectorRecord, isOpen: Bool) {
        let scores = layerOutput(layerCount - 1)
        let decision = state.pointee.decisions - 1
        let slot = Int(decision % UInt64(detector.smoothing))
        let posteriors = region(plan.posteriors, of: UInt16.self) + slot * detector.keywordCount
        for keyword in 0..<detector.keywordCount {
            let index = detector.classIndex(of: keyword, in: block)
            let (upper, lower) = (scores[index], scores[classCount + index])
            posteriors[keyword] = isOpen ? UInt16(upper) << 8 | UInt16(lower) : 0
        }
    }

    /// `div(S, smoothing)`; `S <= 64 * 65535 < 2^22`.
    func smoothedScore(of keyword: Int, _ detector: DetectorRecord) -> UInt32 {
        let posteriors = region(plan.posteriors, of: UInt16.self)
        var sum: UInt32 = 0
        for slot in 0..<detector.smoothing {
            sum += UInt32(posteriors[slot * detector.keywordCount + keyword])
        }
        return Fixed.div(sum, UInt32(detector.smoothing))
    }
}
