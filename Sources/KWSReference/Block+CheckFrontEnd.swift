// SPDX-License-Identifier: Apache-2.0

extension Block {
    /// Checks front end and detector, which come together or not at all.
    func checkFrontEnd(_ header: HeaderRecord) throws(ReferenceError) {
        if header.frontEndOffset == 0, header.detectorOffset == 0 { return }
        guard holds(header.frontEndOffset, Int64(FrontEndRecord.bytes)),
            holds(header.detectorOffset, Int64(DetectorRecord.bytes))
        else {
            throw ReferenceError(.model, "front end or detector lies outside the block")
        }
        guard let frontEnd = FrontEndRecord(self, at: header.frontEndOffset) else {
            throw ReferenceError(.kernel, "the reference has no such features")
        }
        guard hasFrames(frontEnd) else {
            throw ReferenceError(.model, "frames, hops or counts of the front end do not fit")
        }
        guard hasTables(frontEnd) else {
            throw ReferenceError(.model, "a table of the front end does not fit")
        }
        let detector = DetectorRecord(self, at: header.detectorOffset)
        try checkDetector(header, detector)
        let last = layer(header.layerCount - 1)
        guard KernelID(kernel: last.kernel) == .softmax, tensor(last.output).zeroPoint == 0,
            tensor(last.output).channels == 2 * header.labelCount
        else {
            throw ReferenceError(
                .model, "a detector reads a SOFTMAX of two bytes a class with zero point 0")
        }
        guard
            header.streamedLayers == 0
                || frontEnd.features != .mfccPeak && tensor(0).height == frontEnd.frameCount
                    && header.hopRows == detector.inferenceHops
        else {
            throw ReferenceError(.model, "rows that are kept are frames, and hops those between")
        }
    }

    private func hasFrames(_ frontEnd: FrontEndRecord) -> Bool {
        guard frontEnd.frameSamples > 0, frontEnd.hopSamples > 0,
            frontEnd.sampleRate > 0, frontEnd.frameCount > 0,
            frontEnd.windowHops == frontEnd.frameCount + frontEnd.lag,
            Int64(frontEnd.windowHops) * Int64(frontEnd.hopSamples) < 1 << 31,
            (1...256).contains(frontEnd.featureCount)
        else { return false }
        let rows = Int64(frontEnd.frameCount) * Int64(frontEnd.rowBytes)
        // The samples from the oldest frame's first to the newest hop's last, and one before them.
        let needed = Int64(frontEnd.hopSamples) * Int64(frontEnd.lag + 1) + 1
        return rows == tensor(0).wideElements
            && Int64(frontEnd.pcmCapacity) >= needed && frontEnd.pcmCapacity <= 1 << 20
            && frontEnd.shift <= 30 && frontEnd.finePlane <= 1
            && (frontEnd.features == .waveform
                ? frontEnd.featureCount == frontEnd.frameSamples && frontEnd.bandCount == 0
                    && frontEnd.fftPoints == 0
                : hasSpectrum(frontEnd))
    }

    private func hasSpectrum(_ frontEnd: FrontEndRecord) -> Bool {
        let n = frontEnd.fftPoints
        return (64...4096).contains(n) && n & (n - 1) == 0 && frontEnd.frameSamples <= n
            && (1...256).contains(frontEnd.bandCount)
            && (frontEnd.features.hasCosines || frontEnd.featureCount == frontEnd.bandCount)
            && frontEnd.spectrum <= FrontEndRecord.power
            && frontEnd.preemphasis >= 0 && frontEnd.whitening <= 15
            && (frontEnd.whitening == 0 || frontEnd.preemphasis == 0)
            && frontEnd.logOffset.magnitude <= 1 << 24
            && frontEnd.logFloor.magnitude <= 1 << 24
            && (frontEnd.features == .mfccPeak
                || Int32(Int16(clamping: frontEnd.logFloor))
                    == frontEnd.logFloor)
    }

    private func hasTables(_ frontEnd: FrontEndRecord) -> Bool {
        guard holds(frontEnd.multipliersOffset, Int64(2 * frontEnd.featureCount)),
            hasBiases(frontEnd.biasesOffset, frontEnd.featureCount)
        else { return false }
        if frontEnd.features == .waveform { return hasOwn(frontEnd) }
        guard holds(frontEnd.windowOffset, Int64(2 * frontEnd.frameSamples)),
            holds(frontEnd.twiddlesOffset, Int64(frontEnd.twiddlesBytes)),
            holds(frontEnd.bandsOffset, Int64(6 * frontEnd.bandCount))
        else { return false }

        for n in 0..<frontEnd.frameSamples
        where i16(frontEnd.windowOffset + 2 * n).magnitude > 16384 { return false }
        for pair in 0..<frontEnd.points {
            let u = Int64(i16(frontEnd.twiddlesOffset + 4 * pair))
            let v = Int64(i16(frontEnd.twiddlesOffset + 4 * pair + 2))
            guard u & 1 == 0, v & 1 == 0, u * u + v * v <= 1 << 30 + 1 << 17 else { return false }
        }
        return hasBands(frontEnd) && hasOwn(frontEnd)
    }

    /// Bins are 0...M; a band's weights sum to 32767 at most.
    private func hasBands(_ frontEnd: FrontEndRecord) -> Bool {
        var bins: Int64 = 0
        for band in 0..<frontEnd.bandCount {
            let entry = frontEnd.bandsOffset + 6 * band
            guard u16(entry) + u16(entry + 2) <= frontEnd.points + 1 else { return false }
            bins += Int64(u16(entry + 2))
        }
        guard holds(frontEnd.bandWeightsOffset, 2 * bins) else { return false }
        var weight = frontEnd.bandWeightsOffset
        for band in 0..<frontEnd.bandCount {
            var sum = 0
            for _ in 0..<u16(frontEnd.bandsOffset + 6 * band + 2) {
                sum += u16(weight)
                weight += 2
            }
            guard sum <= 32767 else { return false }
        }
        return true
    }

    private func hasOwn(_ frontEnd: FrontEndRecord) -> Bool {
        switch frontEnd.features {
        case .logMel, .logSum, .waveform: frontEnd.ownOffset == 0
        case .mfcc, .mfccPeak: hasCosines(frontEnd)
        case .pcen:
            holds(frontEnd.ownOffset, Int64(PCENRecord.bytes))
                && PCENRecord(self, at: frontEnd.ownOffset).isSound
        }
    }

    private func hasCosines(_ frontEnd: FrontEndRecord) -> Bool {
        let rows = frontEnd.featureCount
        let columns = frontEnd.bandCount
        guard holds(frontEnd.ownOffset, 2 * Int64(rows) * Int64(columns)) else { return false }
        for row in 0..<rows {
            var sum: Int64 = 0
            for column in 0..<columns {
                sum += Int64(i16(frontEnd.ownOffset + 2 * (row * columns + column)).magnitude)
            }
            // |acc| <= 2^15 * 65535 < 2^31.
            guard sum <= 65535 else { return false }
        }
        return true
    }
}
