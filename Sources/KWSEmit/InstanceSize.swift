// SPDX-License-Identifier: Apache-2.0

internal import KWSFrontEnd
internal import KWSGraph

/// The memory of an instance by part, SPEC.md section 7, each in bytes and a multiple of 4.
package struct InstanceSize: Sendable {
    package let pcmRing: Int
    /// Kept rows of features, largest samples of hops, sums of features.
    package let features: Int
    package let detector: Int
    /// One frame's log-mel row; apart from the arena, since features are finished into that.
    package let logMelRow: Int
    package let arena: Int
    /// Of the arena, what the front end must not write over.
    package let kept: Int
    package let frontEndScratch: Int

    package init(_ model: CompiledModel) {
        func words(_ bytes: Int) -> Int { (bytes + 3) & ~3 }
        arena = model.plan.arenaBytes
        kept = model.plan.keptBytes
        guard let frontEnd = model.frontEnd, let detection = model.detection else {
            (pcmRing, features, detector, logMelRow, frontEndScratch) = (0, 0, 0, 0, 0)
            return
        }
        pcmRing = words(2 * Int(frontEnd.pcmCapacity))
        let isStreamed = model.graph.streaming != nil
        let frames = Int(frontEnd.frameCount)
        let rows = isStreamed ? 1 : frames
        features =
            switch frontEnd.features {
            case .mfccPeak:
                words(2 * rows * Int(frontEnd.bandCount)) + words(2 * Int(frontEnd.windowHops))
            case .logMel, .mfcc, .logSum, .pcen, .waveform:
                words(rows * Int(frontEnd.featureCount) * Int(1 + frontEnd.finePlane))
                    + (frontEnd.features == .pcen ? 4 * Int(frontEnd.bandCount) : 0)
                    + (isStreamed && detection.contrast > 0 ? 4 * frames : 0)
            }
        let keywords = detection.keywords.count
        let logs = 2 * detection.phraseWords * detection.phraseDecisions
        detector =
            words(2 * keywords * detection.smoothing)
            + words(2 * (keywords + detection.phrases.count))
            + (logs > 0 || detection.energy > 0 ? 4 + words(logs) : 0)
        logMelRow = words(2 * Int(frontEnd.bandCount))
        let points = Int(frontEnd.fftPoints)
        frontEndScratch = words(2 * points + (points / 2 + 1) * (frontEnd.spectrum == 0 ? 2 : 4))
    }

    /// What `KWS_<MODEL>_SIZE` adds to `KWS_INSTANCE_BYTES`.
    package var modelBytes: Int {
        pcmRing + features + detector + logMelRow + max(arena, kept + frontEndScratch)
    }
}
