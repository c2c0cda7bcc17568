// SPDX-License-Identifier: Apache-2.0

internal import KWSFrontEnd
internal import KWSGraph

/// The memory of an instance by part, SPEC.md section 7, each in bytes and a multiple of 4.
package struct InstanceSize: Sendable {
    package let pcmRing: Int
    /// Kept rows of features or the sums of these, largest samples of hops, running means.
    package let features: Int
    package let detector: Int
    /// One frame's log-mel row where it is apart from the scratch: features divided by the window's peak
    /// are finished with it, into the arena.
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
        let isPeak = frontEnd.features == .mfccPeak
        let bands = 2 * Int(frontEnd.bandCount)
        let row = isPeak ? bands : Int(frontEnd.featureCount) * Int(1 + frontEnd.finePlane)
        let sum = detection.contrast == 0 ? 0 : row * 255 < 65536 ? 2 : 4
        let state =
            isPeak ? 2 * Int(frontEnd.windowHops) : frontEnd.features == .pcen ? 2 * bands : 0
        features = words(frames * (isStreamed ? sum : row)) + words(state)
        let keywords = detection.keywords.count
        let logs = 2 * detection.phraseWords * detection.phraseDecisions
        detector =
            words(2 * keywords * detection.smoothing)
            + words(2 * (keywords + detection.phrases.count))
            + (logs > 0 || detection.energy > 0 ? 4 + words(logs) : 0)
        let points = Int(frontEnd.fftPoints)
        let spectrum = words(2 * points + (frontEnd.spectrum == 0 ? 2 * (points / 2 + 1) : 4))
        logMelRow = isPeak ? words(bands) : 0
        frontEndScratch =
            max(spectrum, isStreamed ? words(row) : 0) + (isPeak ? 0 : words(bands))
    }

    /// What `KWS_<MODEL>_SIZE` adds to `KWS_INSTANCE_BYTES`.
    package var modelBytes: Int {
        pcmRing + features + detector + logMelRow + max(arena, kept + frontEndScratch)
    }
}
