// SPDX-License-Identifier: Apache-2.0

// Goal: the C library and the reference, written apart from one contract, give the same bytes:
// features, every layer, scores and events; and what the library accepts, the reference accepts.
// Method: random networks and front ends, then blocks with random bytes in their tables and
// fields, through both; layers by position-keyed checksums of the rows that the library reports.

internal import CKWS
internal import KWSNumerics
internal import KWSReference
internal import Testing

@Suite struct LibraryTests {
    /// What a stream and one inference behind it show.
    struct Outcome: Hashable {
        var events: [ReferenceEvent] = []
        var scores: [Int8] = []
        var stream: [UInt32: PositionChecksum] = [:]
        var network: [UInt32: PositionChecksum] = [:]
    }

    static func reference(
        _ block: TestBlock, _ pcm: [Int16], _ features: [Int8]
    ) throws -> Outcome {
        try block.withSpotter { spotter in
            var outcome = Outcome()
            if spotter.sampleRate > 0 { outcome.events = try spotter.hear(pcm) }
            if spotter.decisions > 0 { outcome.stream = LayerLog.sums(of: spotter, in: block) }
            outcome.scores = try spotter.run(features)
            outcome.network = LayerLog.sums(of: spotter, in: block)
            return outcome
        }
    }

    /// nil if the library refuses the block.
    static func library(
        _ block: TestBlock, _ pcm: [Int16], _ features: [Int8]
    ) throws -> Outcome? {
        try block.withBytes { bytes in
            var model = kws_model()
            kws_model_load(&model, bytes.baseAddress, UInt32(bytes.count))
            let size = kws_required_size(&model)
            guard size > 0 else { return nil }
            let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4)
            defer { memory.deallocate() }
            var handle: OpaquePointer?
            #expect(kws_init(&handle, &model, memory, size) == KWS_OK)
            let k = try #require(handle)

            let log = LayerLog()
            log.observe(k)
            var outcome = Outcome(scores: Array(repeating: 0, count: Int(kws_class_count(k))))
            if kws_sample_rate(k) > 0 { outcome.events = hear(k, pcm) }
            outcome.stream = log.sums
            #expect(kws_infer(k, features, &outcome.scores) == KWS_OK)
            outcome.network = log.sums
            return outcome
        }
    }

    /// As `ReferenceSpotter.hear`.
    private static func hear(_ k: OpaquePointer, _ pcm: [Int16]) -> [ReferenceEvent] {
        var events: [ReferenceEvent] = []
        var taken = 0
        while true {
            taken += pcm[taken...].withUnsafeBufferPointer {
                kws_push(k, $0.baseAddress, $0.count)
            }
            var event = kws_event()
            let status = kws_poll(k, &event)
            if status == KWS_EVENT {
                events.append(
                    ReferenceEvent(
                        startSample: event.start_sample, endSample: event.end_sample,
                        keyword: Int(event.keyword), score: event.score))
            } else if status != KWS_AGAIN, taken == pcm.count {
                return events
            }
        }
    }

    @Test(arguments: TestModel.Kernel.allCases)
    func networksAgree(kernel: TestModel.Kernel) throws {
        let seed: UInt64 = 121
        var random = SplitMix64(seed: seed)
        for round in 0..<100 {
            let model = TestModel.random(kernel, &random)
            let features = KernelTests.features(model.features, &random)
            let block = model.block()
            let expected = try Self.reference(block, [], features)
            let found = try Self.library(block, [], features)
            #expect(found == expected, "\(kernel), seed \(seed), round \(round)")
        }
    }

    @Test(arguments: [0x201, 0x202, 0x203, 0x204, 0x205, 0x206], [false, true])
    func streamsAgree(features: Int, hasFinePlane: Bool) throws {
        let seed: UInt64 = 122
        let model = StreamTests.model(features, hasFinePlane: hasFinePlane, seed: seed)
        let input = [Int8](repeating: 5, count: model.features)
        for (name, pcm) in TestSounds.all(80 * 40, seed: seed) {
            let expected = try Self.reference(model.block(), pcm, input)
            #expect(!expected.stream.isEmpty)
            #expect(
                try Self.library(model.block(), pcm, input) == expected, "\(name), seed \(seed)")
        }
    }

    @Test(arguments: FrontEndTests.cases) func frontEndsAgree(one: FrontEndTests.Case) throws {
        let seed: UInt64 = 123
        var model = TestModel.listening(one.frontEnd)
        model.frontEnd?.logFloor = -20000
        let input = [Int8](repeating: 5, count: model.features)
        for (name, pcm) in TestSounds.all(one.hopSamples * 6, seed: seed) {
            let expected = try Self.reference(model.block(), pcm, input)
            #expect(!expected.stream.isEmpty)
            #expect(
                try Self.library(model.block(), pcm, input) == expected, "\(name), seed \(seed)")
        }
    }

    @Test(arguments: 130...149) func damagedBlocksAgree(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let block = EvilBlockTests.model().block()
        let pcm = TestSounds.all(1600, seed: seed)[2].pcm
        let tensors = Int(block[word: 40])
        let layers = Int(block[word: 44])
        var accepted = 0
        for round in 0..<400 {
            var spoiled = block
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = 24 + 2 * Int.random(in: 0..<(block.count - 24) / 2, using: &random)
                // The places in the arena are the library's alone.
                let isArena = (tensors..<layers).contains(at) && (at - tensors) % 16 >= 12
                if isArena { continue }
                let isSmall = Bool.random(using: &random)
                let any = UInt16(truncatingIfNeeded: random.next())
                spoiled[half: at] = isSmall ? any & 7 : any
            }
            spoiled.seal()
            let features = KernelTests.features(
                EvilBlockTests.featureCount(spoiled), &random)
            guard let found = try Self.library(spoiled, pcm, features) else { continue }
            accepted += 1
            let expected = try Self.reference(spoiled, pcm, features)
            #expect(found == expected, "seed \(seed), round \(round)")
        }
        #expect((20..<380).contains(accepted), "\(accepted) of 400, seed \(seed)")
    }
}
