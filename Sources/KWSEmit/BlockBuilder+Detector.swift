// SPDX-License-Identifier: Apache-2.0

extension BlockBuilder {
    /// Adds keywords and phrases and returns the detector's record.
    mutating func detector(_ detection: Detection) -> [UInt8] {
        let keywords = add(
            "keywords (class, threshold in 1/65536)",
            [UInt8](
                little: detection.keywords.flatMap {
                    [UInt16($0.classIndex), UInt16($0.threshold)]
                }))
        let phrases = phrases(detection)
        var bytes = [UInt8](
            little: [
                detection.inferenceHops, detection.smoothing, detection.lockoutHops,
                detection.keywords.count,
            ].map { UInt16($0) })
        for word in [keywords, detection.contrast, detection.energy] {
            bytes.append(little: UInt32(word))
        }
        for half in [
            detection.phrases.count, detection.phraseDecisions, detection.phraseWords, 0,
        ] {
            bytes.append(little: UInt16(half))
        }
        bytes.append(little: UInt32(phrases))
        return bytes
    }

    /// Adds names and records of the phrases; 0 without.
    private mutating func phrases(_ detection: Detection) -> Int {
        guard !detection.phrases.isEmpty else { return 0 }
        var bytes: [UInt8] = []
        for phrase in detection.phrases {
            let name = add("phrase", [UInt8](cString: phrase.name))
            bytes.append(little: UInt32(name))
            bytes.append(little: UInt16(phrase.threshold))
            bytes.append(UInt8(phrase.words.count))
            bytes.append(phrase.isOrdered ? 1 : 0)
            let unused = Array(repeating: 0, count: 8 - phrase.words.count)
            for word in phrase.words + unused { bytes.append(little: UInt16(word)) }
        }
        return add("phrases (name, threshold in 1/65536, words, ordered, keywords)", bytes)
    }
}
