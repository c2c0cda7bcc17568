// SPDX-License-Identifier: Apache-2.0

internal import KWSEmit
internal import KWSFrontEnd
internal import KWSGraph
internal import KWSModelFile

extension Detection {
    /// The description's detector in hops, 1/65536 and steps of a sample.
    init(
        _ description: ModelDescription, _ frontEnd: FrontEndDefinition, input: Quantisation
    ) throws(GraphError) {
        let detection = description.detection
        func hops(milliseconds: Int) -> Int {
            let samples = milliseconds * frontEnd.sampleRate / 1000
            return (samples + frontEnd.hopSamples - 1) / frontEnd.hopSamples
        }
        func score(_ threshold: Double) -> Int {
            min(65534, max(0, Int((threshold * 65536).rounded())))
        }
        let energy = detection.level * detection.level * frontEnd.hopSamples
        guard energy <= 1 << 31 else {
            throw GraphError(
                node: description.name,
                fact: "the level of \(detection.level) is too much for hops of "
                    + "\(frontEnd.hopSamples) samples: their squares sum to 2^31 at most")
        }
        let decisions =
            (hops(milliseconds: detection.phraseMilliseconds) + detection.inferenceHops - 1)
            / detection.inferenceHops
        guard description.phrases.isEmpty || decisions <= 1024 else {
            throw GraphError(
                node: description.name,
                fact: "phrases of \(detection.phraseMilliseconds) ms are \(decisions) decisions; "
                    + "allowed are 1024")
        }
        self.init(
            inferenceHops: detection.inferenceHops, smoothing: detection.smoothing,
            lockoutHops: min(65535, hops(milliseconds: detection.lockoutMilliseconds)),
            keywords: description.keywords.map {
                Keyword(classIndex: $0.classIndex, threshold: $0.threshold.map(score) ?? 65535)
            },
            phrases: description.phrases.map {
                Phrase(
                    name: $0.name, words: $0.words, isOrdered: $0.isOrdered,
                    threshold: score($0.threshold))
            },
            phraseDecisions: description.phrases.isEmpty ? 0 : decisions,
            contrast: Int(
                (detection.contrast * Double(frontEnd.featureCount) / input.scale).rounded()),
            energy: energy)
    }
}
