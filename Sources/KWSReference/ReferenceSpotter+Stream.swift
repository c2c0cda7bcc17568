// SPDX-License-Identifier: Apache-2.0

extension ReferenceSpotter {
    /// Copies samples (mono, `sampleRate` Hz) into the instance and computes nothing.
    ///
    /// - Returns: how many samples were taken; the rest did not fit and is counted as overrun.
    public mutating func push(_ samples: UnsafeBufferPointer<Int16>) -> Int {
        guard let frontEnd = block.frontEnd else { return 0 }
        let held = state.pointee.pushed - oldestSample(frontEnd)
        let count = min(samples.count, frontEnd.pcmCapacity - Int(held))
        let ring = region(plan.samples, of: Int16.self)
        var at = ringIndex(state.pointee.pushed, frontEnd)
        for index in 0..<count {
            ring[at] = samples[index]
            at = at + 1 < frontEnd.pcmCapacity ? at + 1 : 0
        }
        state.pointee.pushed += UInt64(count)
        state.pointee.overruns &+= UInt32(truncatingIfNeeded: samples.count - count)
        return count
    }

    /// Does one step: a decision that is due, or else the next hop if its samples are there.
    public mutating func poll() throws(ReferenceError) -> ReferenceStep {
        guard let frontEnd = block.frontEnd, let detector = block.detector else {
            throw ReferenceError(.noFrontEnd, "the model takes features only")
        }
        if state.pointee.isDecisionDue {
            state.pointee.isDecisionDue = false
            decide(frontEnd)
            state.pointee.decisions += 1
            return detect(frontEnd, detector).map { .event($0) } ?? .again
        }
        let step = state.pointee.steps
        let hop = UInt64(frontEnd.hopSamples)
        guard state.pointee.pushed >= hop * (step + 1) else { return .idle }

        keepPeak(step, frontEnd)
        if detector.energy > 0, isLoud(step, frontEnd, detector) {
            state.pointee.loudStep = step + 1
        }
        if step >= UInt64(frontEnd.lag) { keepFrame(step - UInt64(frontEnd.lag), frontEnd) }
        state.pointee.steps = step + 1
        let first = UInt64(frontEnd.windowHops) - 1
        state.pointee.isDecisionDue =
            step >= first && (step - first) % UInt64(detector.inferenceHops) == 0
        return .again
    }

    /// The number of the sample before the next step's frame; those before it are done with.
    private func oldestSample(_ frontEnd: FrontEndRecord) -> UInt64 {
        let step = state.pointee.steps
        let lag = UInt64(frontEnd.lag)
        return step <= lag ? 0 : (step - lag) * UInt64(frontEnd.hopSamples) - 1
    }

    /// Where a sample lies in the ring.
    private func ringIndex(_ number: UInt64, _ frontEnd: FrontEndRecord) -> Int {
        Int(number % UInt64(frontEnd.pcmCapacity))
    }

    /// Keeps the largest sample of hop `step`.
    private func keepPeak(_ step: UInt64, _ frontEnd: FrontEndRecord) {
        let ring = region(plan.samples, of: Int16.self)
        var at = ringIndex(step * UInt64(frontEnd.hopSamples), frontEnd)
        var largest = Int16.min
        for _ in 0..<frontEnd.hopSamples {
            largest = max(largest, ring[at])
            at = at + 1 < frontEnd.pcmCapacity ? at + 1 : 0
        }
        let peaks = region(plan.peaks, of: Int16.self)
        peaks[Int(step % UInt64(frontEnd.windowHops))] = largest
    }

    /// Is the sum of squares of hop `step` large enough for the gate?
    private func isLoud(
        _ step: UInt64, _ frontEnd: FrontEndRecord, _ detector: DetectorRecord
    ) -> Bool {
        let ring = region(plan.samples, of: Int16.self)
        var sum: UInt64 = 0
        for n in 0..<UInt64(frontEnd.hopSamples) {
            let sample = ring[ringIndex(step * UInt64(frontEnd.hopSamples) + n, frontEnd)]
            sum += UInt64(Int64(sample) * Int64(sample))
        }
        return sum >= UInt64(detector.energy)
    }

    /// Keeps the logarithms of a frame, or its samples; of PCEN those of the normalised energies' roots.
    private func keepFrame(_ frame: UInt64, _ frontEnd: FrontEndRecord) {
        let ring = region(plan.samples, of: Int16.self)
        let places = frontEnd.pcmCapacity
        let first = ringIndex(frame * UInt64(frontEnd.hopSamples), frontEnd)
        let rows = region(plan.rows, of: Int16.self)
        let row = rows + Int(frame % UInt64(frontEnd.frameCount)) * frontEnd.rowLength
        let work = FrontEnd(
            block: block, record: frontEnd,
            frame: region(plan.frame, of: Int32.self),
            transform: region(plan.transform, of: Complex.self),
            spectrum: region(plan.spectrum, of: Complex.self))
        func sample(_ n: Int) -> Int16 {
            // Before the first sample of the stream there is silence.
            if n < 0, frame == 0 { return 0 }
            // n in -1..<frame_samples, and frame_samples < capacity.
            let at = first + n
            return ring[at < 0 ? at + places : at < places ? at : at - places]
        }
        if frontEnd.features == .waveform {
            for n in 0..<frontEnd.frameSamples { row[n] = sample(n) }
            return
        }
        state.pointee.exponent = work.logarithms(row: row, sample: sample)
        guard frontEnd.features == .pcen else { return }
        let pcen = PCENRecord(block, at: frontEnd.ownOffset)
        let means = region(plan.means, of: MeanEnergy.self)
        for j in 0..<frontEnd.bandCount {
            row[j] = pcen.normalised(row[j], floor: frontEnd.logFloor, mean: &means[j])
        }
    }

    /// Makes the features of the frames up to the newest and runs the network on them.
    private func decide(_ frontEnd: FrontEndRecord) {
        let rows = region(plan.rows, of: Int16.self)
        let row = region(plan.row, of: Int32.self)
        let features = elements(ofTensor: 0)
        let work = FeatureRow(block: block, record: frontEnd, row: row)
        // The frames of a decision end with `steps - 1 - L`.
        let end = state.pointee.steps - UInt64(frontEnd.lag)
        for index in 0..<frontEnd.frameCount {
            let frame = end - UInt64(frontEnd.frameCount - index)
            let from = rows + Int(frame % UInt64(frontEnd.frameCount)) * frontEnd.rowLength
            for j in 0..<frontEnd.rowLength { row[j] = Int32(from[j]) }
            switch frontEnd.features {
            case .mfccPeak: work.divide(by: largestSample(frontEnd))
            case .logSum: work.addFloor()
            case .logMel, .mfcc, .pcen, .waveform: break
            }
            work.write(
                to: features.baseAddress.unsafelyUnwrapped + index * frontEnd.rowBytes)
        }
        runNetwork()
    }

    /// `P`: the largest sample of the last `window_hops` hops, at least 1.
    private func largestSample(_ frontEnd: FrontEndRecord) -> Int32 {
        let peaks = region(plan.peaks, of: Int16.self)
        var largest: Int16 = 1
        for index in 0..<frontEnd.windowHops { largest = max(largest, peaks[index]) }
        return Int32(largest)
    }
}
