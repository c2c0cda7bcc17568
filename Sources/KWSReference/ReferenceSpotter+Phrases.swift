// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

extension ReferenceSpotter {
    /// Writes the logarithms of the words' scores over the oldest ones.
    func keepLogarithms(_ detector: DetectorRecord) {
        guard detector.phraseCount > 0 else { return }
        var place = wordLogarithms(detector, age: 0)
        for index in 0..<detector.phraseCount {
            let phrase = detector.phrase(index, in: block)
            for word in 0..<phrase.wordCount {
                let keyword = phrase.keyword(ofWord: word, in: block)
                place.pointee = Fixed.log2q10(max(1, smoothedScore(of: keyword, detector)))
                place += 1
            }
        }
    }

    /// The confidence of a phrase and how many decisions ago its earliest word was.
    func confidence(
        of phrase: PhraseRecord, firstWord: Int, _ detector: DetectorRecord
    ) -> (score: UInt32, age: Int) {
        let path =
            phrase.isOrdered
            ? orderedPath(phrase.wordCount, firstWord: firstWord, detector)
            : anyPath(phrase.wordCount, firstWord: firstWord, detector)
        let mean = Fixed.div(UInt32(path.logarithm), UInt32(phrase.wordCount))
        return (min(65535, 2 * Fixed.exp2(16384 - mean, shift: 0)), Int(path.age))
    }

    /// Each word where it is likeliest, the earliest decision of equal ones.
    private func anyPath(
        _ words: Int, firstWord: Int, _ detector: DetectorRecord
    ) -> PhrasePath {
        var all = PhrasePath()
        for word in 0..<words {
            var best = PhrasePath()
            for age in (0..<detector.phraseDecisions).reversed() {
                let logarithm = wordLogarithms(detector, age: age)[firstWord + word]
                if logarithm > best.logarithm {
                    best = PhrasePath(logarithm: logarithm, age: Int32(age))
                }
            }
            all.logarithm += best.logarithm
            all.age = max(all.age, best.age)
        }
        return all
    }

    /// Each word later than the one before it. `paths[i]` is the best one of words `0 ... i` up to
    /// the decision reached; the last word goes first, so that none is used twice at a decision.
    private func orderedPath(
        _ words: Int, firstWord: Int, _ detector: DetectorRecord
    ) -> PhrasePath {
        let paths = region(plan.paths, of: PhrasePath.self)
        for word in 0..<words { paths[word] = PhrasePath() }
        for age in (0..<detector.phraseDecisions).reversed() {
            let logarithms = wordLogarithms(detector, age: age) + firstWord
            for word in (0..<words).reversed() {
                var path = word == 0 ? PhrasePath() : paths[word - 1]
                if path.logarithm == 0 { path.age = Int32(age) }
                path.logarithm += logarithms[word]
                if path.logarithm > paths[word].logarithm { paths[word] = path }
            }
        }
        return paths[words - 1]
    }

    /// The logarithms at a decision, `[phrase_words]`, all zero before the first one.
    private func wordLogarithms(
        _ detector: DetectorRecord, age: Int
    ) -> UnsafeMutablePointer<Int32> {
        let count = UInt64(detector.phraseDecisions)
        // `decisions` counts the newest one, and age < count.
        let slot = Int((state.pointee.decisions + count - 1 - UInt64(age)) % count)
        return region(plan.wordLogarithms, of: Int32.self) + slot * detector.phraseWords
    }
}
