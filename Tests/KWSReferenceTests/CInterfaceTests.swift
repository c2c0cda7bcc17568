// SPDX-License-Identifier: Apache-2.0

// Goal: the symbols kwsref_* do what the Swift methods do, and refuse with the numbers of kws.h.
// Method: the same sounds through both; every refusal once.

internal import KWSReference
internal import Testing

@Suite struct CInterfaceTests {
    static func withHandle(
        _ block: TestBlock, _ body: (UnsafeMutableRawPointer) throws -> Void
    ) throws {
        try block.withBytes { bytes in
            let size = kwsref_required_size(bytes.baseAddress, bytes.count)
            let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4)
            defer { memory.deallocate() }
            var handle: UnsafeMutableRawPointer?
            #expect(kwsref_init(&handle, bytes.baseAddress, bytes.count, memory, size) == 0)
            try body(try #require(handle))
        }
    }

    @Test func hearsWhatSwiftHears() throws {
        let model = DetectionTests.model(TestDetector(smoothing: 2, lockoutHops: 2))
        let pcm = DetectionTests.pcm("LL..HHBBLHLHLLL")
        let expected = try model.block().withSpotter { try $0.hear(pcm) }
        #expect(expected.count > 2)
        try Self.withHandle(model.block()) { k in
            for round in 0..<2 {
                var events: [ReferenceEvent] = []
                var taken = 0
                while true {
                    taken += pcm[taken...].withUnsafeBufferPointer {
                        kwsref_push(k, $0.baseAddress, $0.count)
                    }
                    var event = [UInt32](repeating: 0, count: 3)
                    let status = event.withUnsafeMutableBytes { kwsref_poll(k, $0.baseAddress) }
                    if status == 2 {
                        events.append(
                            ReferenceEvent(
                                startSample: event[0], endSample: event[1],
                                keyword: Int(event[2] & 0xFFFF), score: UInt16(event[2] >> 16)))
                    }
                    if status == 0, taken == pcm.count { break }
                    #expect(status >= 0)
                }
                #expect(events == expected, "round \(round)")
                kwsref_reset(k)
            }
        }
    }

    @Test func infersWhatSwiftInfers() throws {
        let model = DetectionTests.model(TestDetector())
        let features: [Int8] = [100, -100]
        let expected = try model.block().withSpotter { try $0.run(features) }
        try Self.withHandle(model.block()) { k in
            var scores = [Int8](repeating: 0, count: 3)
            #expect(kwsref_infer(k, features, &scores) == 0)
            #expect(scores == expected)
            var count: UInt32 = 0
            let output = kwsref_layer_output(k, 1, &count)
            #expect(
                UnsafeBufferPointer(start: output, count: Int(count)).prefix(3).map {
                    Int8(bitPattern: $0 ^ 128)
                }
                    == expected)
            #expect(kwsref_layer_output(k, 2, &count) == nil)
            let input = kwsref_features(k, &count)
            #expect(
                UnsafeBufferPointer(start: input, count: Int(count)).map {
                    Int8(bitPattern: $0 ^ 128)
                }
                    == features)
        }
    }

    @Test func gettersAnswer() throws {
        try Self.withHandle(DetectionTests.model(TestDetector()).block()) { k in
            #expect(kwsref_layer_count(k) == 2 && kwsref_feature_count(k) == 2)
            #expect(kwsref_class_count(k) == 3 && kwsref_keyword_count(k) == 2)
            #expect(kwsref_sample_rate(k) == 16000 && kwsref_hop_samples(k) == 64)
            #expect(kwsref_window_samples(k) == 64 && kwsref_overruns(k) == 0)
            #expect(String(cString: kwsref_model_name(k)) == "test")
            #expect(kwsref_label(k, 0).map { String(cString: $0) } == "class 2")
            #expect(kwsref_class_label(k, 1).map { String(cString: $0) } == "class 1")
            #expect(kwsref_label(k, 2) == nil && kwsref_class_label(k, 3) == nil)
            var threshold: UInt16 = 0
            #expect(kwsref_set_threshold(k, 1, 777) == 0)
            #expect(kwsref_get_threshold(k, 1, &threshold) == 0 && threshold == 777)
            #expect(kwsref_set_threshold(k, 2, 1) == -11)
            #expect(kwsref_get_threshold(k, UInt32.max, &threshold) == -11)
            #expect(kwsref_get_threshold(k, 0, nil) == -1)
            #expect(kwsref_infer(k, nil, nil) == -1)
            #expect(kwsref_push(k, nil, 5) == 0)
        }
    }

    @Test func refusesWithTheNumbersOfTheHeader() throws {
        var model = DetectionTests.model(TestDetector())
        model.block().withBytes { bytes in
            let size = kwsref_required_size(bytes.baseAddress, bytes.count)
            let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4)
            defer { memory.deallocate() }
            var k: UnsafeMutableRawPointer?
            #expect(kwsref_init(nil, bytes.baseAddress, bytes.count, memory, size) == -1)
            #expect(kwsref_init(&k, nil, 0, memory, size) == -1)
            #expect(kwsref_init(&k, bytes.baseAddress, bytes.count, nil, size) == -1)
            #expect(kwsref_init(&k, bytes.baseAddress, bytes.count, memory, size - 1) == -3)
            #expect(kwsref_init(&k, bytes.baseAddress, bytes.count - 1, memory, size) == -6)
            #expect(kwsref_init(&k, bytes.baseAddress, -1, memory, size) == -11)
            #expect(k == nil)
            #expect(kwsref_required_size(nil, 0) == 0)
            #expect(kwsref_required_size(bytes.baseAddress, bytes.count - 1) == 0)
        }
        model.frontEnd = nil
        model.detector = nil
        try Self.withHandle(model.block()) { k in
            #expect(kwsref_poll(k, nil) == -12)
        }
    }
}
