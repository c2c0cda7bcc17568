// SPDX-License-Identifier: Apache-2.0

/// `kws_front_end`: PCM to features.
struct FrontEndRecord {
    static let bytes = 68
    static let magnitude = 0
    static let power = 1

    let features: FeaturesID
    let sampleRate: Int
    let frameSamples: Int
    let hopSamples: Int
    let frameCount: Int
    let windowHops: Int
    let bandCount: Int
    let featureCount: Int
    let fftPoints: Int
    let spectrum: Int
    let shift: Int32
    let preemphasis: Int32
    let whitening: Int32
    let finePlane: Int
    let logOffset: Int32
    let logFloor: Int32
    let pcmCapacity: Int
    let windowOffset: Int
    let twiddlesOffset: Int
    let bandsOffset: Int
    let bandWeightsOffset: Int
    let ownOffset: Int
    let multipliersOffset: Int
    let biasesOffset: Int

    /// nil for features that the reference does not know.
    init?(_ block: Block, at offset: Int) {
        guard let features = FeaturesID(rawValue: block.u16(offset)) else { return nil }
        self.features = features
        sampleRate = block.u16(offset + 2)
        frameSamples = block.u16(offset + 4)
        hopSamples = block.u16(offset + 6)
        frameCount = block.u16(offset + 8)
        windowHops = block.u16(offset + 10)
        bandCount = block.u16(offset + 12)
        featureCount = block.u16(offset + 14)
        fftPoints = block.u16(offset + 16)
        spectrum = block.u8(offset + 18)
        shift = Int32(block.u8(offset + 19))
        preemphasis = Int32(block.i16(offset + 20))
        whitening = Int32(block.u8(offset + 22))
        finePlane = block.u8(offset + 23)
        logOffset = block.i32(offset + 24)
        logFloor = block.i32(offset + 28)
        pcmCapacity = block.size(offset + 32)
        windowOffset = block.size(offset + 36)
        twiddlesOffset = block.size(offset + 40)
        bandsOffset = block.size(offset + 44)
        bandWeightsOffset = block.size(offset + 48)
        ownOffset = block.size(offset + 52)
        multipliersOffset = block.size(offset + 56)
        biasesOffset = block.size(offset + 60)
    }

    /// `L`: by how many hops the newest frame lies behind the newest sample.
    var lag: Int { (frameSamples + hopSamples - 1) / hopSamples - 1 }

    /// Numbers that are kept of a frame.
    var rowLength: Int { features == .waveform ? featureCount : bandCount }

    /// Bytes of one row of the network's input.
    var rowBytes: Int { featureCount * (1 + finePlane) }

    /// `M`: complex points of the transform.
    var points: Int { fftPoints / 2 }

    /// The twiddle table's bytes: M pairs of int16.
    var twiddlesBytes: Int { 4 * points }
}
