// SPDX-License-Identifier: Apache-2.0
//
// Goal: the Swift face hears what C hears and reports every error by its name. Method: a model that
// hears loudness, on bursts of noise at known samples; every status produced on purpose.

import CKWS
import KWSTestModels
import KeywordSpotter
import Testing

@Suite struct KeywordSpotterTests {
    static let bursts = [16_000..<24_000, 48_000..<56_000]
    let sound = TestSound.bursts(80_000, at: Self.bursts)

    @Test func burstsAreHeardOnceEach() throws {
        let model = try TestModel.loudness()
        let events = try withInstance(model.block) { try $0.hear(sound, chunk: 160) }
        #expect(events.count == 2)
        for (event, burst) in zip(events, Self.bursts) {
            #expect(event.keyword == 0 && event.score >= 40000)
            #expect(burst.contains(Int(event.endSample)))
            // 11 hops of 320 samples, the model's window; two of three posteriors, 2 hops apart,
            // make a score of 43520.
            #expect(event.endSample - event.startSample == 3520 + 640)
        }
    }

    @Test func chunksOfAnySizeGiveTheSameEvents() throws {
        let model = try TestModel.loudness()
        let expected = try withInstance(model.block) { try $0.hear(sound, chunk: 320) }
        for chunk in [1, 7, 159, 160, 161, 319, 321, 480, 1009, 80_000] {
            let events = try withInstance(model.block) { try $0.hear(sound, chunk: chunk) }
            #expect(events == expected, "chunks of \(chunk)")
        }
    }

    @Test func resetForgets() throws {
        let model = try TestModel.loudness()
        try withInstance(model.block) { spotter in
            let first = try spotter.hear(sound, chunk: 160)
            spotter.reset()
            #expect(try spotter.hear(sound, chunk: 160) == first)
        }
    }

    @Test func gettersTellTheModel() throws {
        let model = try TestModel.mixed()
        try withInstance(model.block) { spotter in
            #expect(spotter.name == "mixed")
            #expect(spotter.classes == ["one", "two", "rest"])
            #expect(spotter.keywords == ["one", "two"])
            #expect(spotter.classCount == 3 && spotter.keywordCount == 2)
            #expect(spotter.featureCount == 200)
            #expect(spotter.sampleRate == 16_000 && spotter.hopSamples == 320)
            #expect(spotter.windowSamples == 3520)
            #expect(spotter.labelBytes(of: 2) == nil && spotter.labelBytes(of: -1) == nil)
            #expect(spotter.classLabelBytes(of: 3) == nil)
        }
    }

    @Test func thresholdsAreKeptAndObeyed() throws {
        let model = try TestModel.loudness()
        try withInstance(model.block) { spotter in
            #expect(try spotter.threshold(of: 0) == 40000)
            try spotter.setThreshold(65535, of: 0)
            #expect(try spotter.hear(sound, chunk: 160) == [])
            spotter.reset()
            #expect(try spotter.threshold(of: 0) == 65535)
            #expect(throws: SpotterError.argument) { try spotter.threshold(of: 1) }
            #expect(throws: SpotterError.argument) { try spotter.threshold(of: -1) }
            #expect(throws: SpotterError.argument) { try spotter.setThreshold(1, of: 1) }
        }
    }

    @Test func inferEqualsTheStream() throws {
        let model = try TestModel.mixed()
        let clip = TestSound.noise(3520, amplitude: 3000, seed: 3)
        try withInstance(model.block) { spotter in
            let seen = Rows()
            seen.attach(to: &spotter)
            _ = try spotter.hear(clip, chunk: 160)
            spotter.observe(nil, context: nil)
            let last = try #require(seen.rows.keys.filter { $0 != KWS_OBSERVE_FEATURES }.max())
            let features = seen.rows[UInt32(KWS_OBSERVE_FEATURES), default: []]
                .map { Int8(bitPattern: $0 ^ 128) }
            #expect(features.count == 200)
            var scores = [Int8](repeating: 0, count: 3)
            try features.withUnsafeBufferPointer { features in
                try scores.withUnsafeMutableBufferPointer { scores in
                    try spotter.infer(features: features, scores: scores)
                }
            }
            // Upper bytes of the posteriors, before the lower ones.
            #expect(
                scores.map { UInt8(bitPattern: $0) ^ 128 }
                    == seen.rows[last].map { Array($0.prefix(3)) })
        }
    }

    @Test func inferRefusesOtherCounts() throws {
        let model = try TestModel.mixed()
        try withInstance(model.block) { spotter in
            var scores = [Int8](repeating: 0, count: 3)
            let features = [Int8](repeating: 0, count: 199)
            #expect(throws: SpotterError.argument) {
                try features.withUnsafeBufferPointer { features in
                    try scores.withUnsafeMutableBufferPointer { scores in
                        try spotter.infer(features: features, scores: scores)
                    }
                }
            }
        }
    }

    @Test func whatDoesNotFitIsCounted() throws {
        let model = try TestModel.loudness()
        try withInstance(model.block) { spotter in
            let taken = sound.withUnsafeBufferPointer { spotter.push($0) }
            #expect(taken > 320 && taken < sound.count)
            #expect(spotter.overruns == sound.count - taken)
            let more = sound.withUnsafeBufferPointer { spotter.push($0) }
            #expect(more == 0 && spotter.overruns == 2 * sound.count - taken)
            spotter.reset()
            #expect(spotter.overruns == 0)
        }
    }

    func refusal(_ bytes: [UInt8], short: Int = 0, shift: Int = 0) throws -> SpotterError? {
        do {
            try withInstance(bytes, short: short, shift: shift) { _ in }
            return nil
        } catch let error as SpotterError {
            return error
        }
    }

    @Test func everyRefusalHasItsName() throws {
        let block = try TestModel.loudness().block
        #expect(try refusal(block) == nil)
        #expect(try refusal(block, short: 1) == .memory)
        #expect(try refusal(block, shift: 1) == .alignment)
        #expect(try refusal(Array(block.dropLast(4))) == .truncated)

        var flipped = BlockBytes(block)
        flipped.flip(bit: 8 * block.count - 300)
        #expect(try refusal(flipped.bytes) == .checksum)
        var magic = BlockBytes(block)
        magic.flip(bit: 0)
        #expect(try refusal(magic.bytes) == .magic)
        var format = BlockBytes(block)
        format.flip(bit: 32)
        #expect(try refusal(format.bytes) == .format)
        var layers = BlockBytes(block)
        layers.set(44, UInt32(block.count))
        layers.seal()
        #expect(try refusal(layers.bytes) == .model)
    }

    @Test func errorsHaveMessagesOfTheirOwn() {
        let errors = (-12 ... -1).compactMap { SpotterError(rawValue: $0) }
        #expect(errors.count == 12)
        #expect(Set(errors.map(\.description)).count == 12)
        #expect(SpotterError.memory.rawValue == KWS_ERROR_MEMORY.rawValue)
        #expect(SpotterError.noFrontEnd.rawValue == KWS_ERROR_NO_FRONT_END.rawValue)
    }
}

/// Keeps what the row observer reports.
private final class Rows {
    var rows: [UInt32: [UInt8]] = [:]

    func attach(to spotter: inout KeywordSpotter) {
        spotter.observe(
            { context, layer, row, values, count in
                guard let context else { return }
                let seen = Unmanaged<Rows>.fromOpaque(context).takeUnretainedValue()
                let values = Array(UnsafeBufferPointer(start: values, count: Int(count)))
                let start = Int(row) * values.count
                let known = seen.rows[layer, default: []]
                let filler = max(0, start + values.count - known.count)
                seen.rows[layer] = known + Array(repeating: 0, count: filler)
                seen.rows[layer]?.replaceSubrange(start..<start + values.count, with: values)
            }, context: Unmanaged.passUnretained(self).toOpaque())
    }
}
