// SPDX-License-Identifier: Apache-2.0

// Goal: what is heard depends on the samples alone, not on how they come; a full ring refuses and
// counts; a reset forgets; an inference beside the stream leaves it as it is.
// Method: the same PCM in pieces of every size, compared step by step by checksums of all layers.

internal import KWSNumerics
internal import KWSReference
internal import Testing

@Suite struct StreamTests {
    static func model(
        _ features: Int, hasFinePlane: Bool = false, seed: UInt64
    ) -> TestModel {
        var random = SplitMix64(seed: seed)
        var frontEnd = FeatureTests.frontEnd(features, &random)
        frontEnd.preemphasis = 31000
        frontEnd.hasFinePlane = hasFinePlane
        if hasFinePlane { frontEnd.shift -= 4 }
        var model = TestModel.listening(
            frontEnd,
            detector: TestDetector(
                inferenceHops: 2, smoothing: 2, lockoutHops: 3, energy: 1000,
                keywords: [(1, 20), (0, 30)], phrases: [([0, 1], true, 30)], phraseDecisions: 5))
        repeat {
            model.tensors.removeSubrange(1...)
            model.layers = []
            for kernel in [TestModel.Kernel.convolution, .dense, .softmax] {
                model.append(kernel, &random)
            }
            // Two keywords need two classes.
        } while model.tensors[2].elements < 2
        model.tensors[3].channels = 2 * model.tensors[2].channels
        model.tensors[3].zeroPoint = 0
        return model
    }

    /// Features and all layers of an inference.
    static func checksum(_ spotter: borrowing ReferenceSpotter) -> UInt32 {
        var checksum = PositionChecksum()
        checksum.add(firstPosition: 0, values: spotter.features)
        for layer in 0..<spotter.layerCount {
            checksum.add(
                firstPosition: UInt32(layer + 1) << 16, values: spotter.layerOutput(layer))
        }
        return checksum.value
    }

    /// Every decision's checksum and event, with samples taken in pieces of the sizes given.
    static func trace(
        _ spotter: inout ReferenceSpotter, _ pcm: [Int16], _ size: () -> Int,
        between: (inout ReferenceSpotter) throws -> Void = { _ in }
    ) throws -> [String] {
        var trace: [String] = []
        var taken = 0
        while true {
            let end = min(pcm.count, taken + size())
            pcm[taken..<end].withUnsafeBufferPointer { taken += spotter.push($0) }
            try between(&spotter)
            // Poll once or until nothing is left to do.
            let once = size() % 2 == 0
            var step = ReferenceStep.again
            repeat {
                let before = spotter.decisions
                step = try spotter.poll()
                if spotter.decisions > before { trace.append("\(checksum(spotter)) \(step)") }
            } while step != .idle && !once
            if step == .idle, taken == pcm.count { return trace }
        }
    }

    @Test(arguments: [0x201, 0x202, 0x203, 0x204, 0x205, 0x206])
    func piecesDoNotMatter(features: Int) throws {
        let seed: UInt64 = 81
        var random = SplitMix64(seed: seed)
        let model = Self.model(features, seed: seed)
        let pcm = TestSounds.all(80 * 30, seed: seed)[2].pcm
        try model.block().withSpotter { spotter in
            let whole = try Self.trace(&spotter, pcm, { pcm.count + 1 })
            #expect(whole.count == (30 - spotter.windowHops) / 2 + 1)
            #expect(whole.contains { $0.contains("event") })
            for limit in [1, 2, 79, 80, 81, 160, 1000] {
                spotter.reset()
                let trace = try Self.trace(
                    &spotter, pcm, { Int.random(in: 1...limit, using: &random) })
                #expect(trace == whole, "pieces up to \(limit), seed \(seed)")
            }
            spotter.reset()
            var scores: [[Int8]] = []
            let input = KernelTests.features(model.features, &random)
            let disturbed = try Self.trace(&spotter, pcm, { 80 }) { spotter in
                scores.append(try spotter.run(input))
            }
            #expect(disturbed == whole)
            #expect(Set(scores).count == 1)
        }
    }

    @Test func aFullRingRefuses() throws {
        var model = Self.model(0x201, seed: 82)
        // Frames of two hops: 160 samples and the one before them.
        model.frontEnd?.pcmCapacity = 161
        try model.block().withSpotter { spotter in
            let pcm = [Int16](repeating: 1, count: 400)
            func push(_ count: Int, _ spotter: inout ReferenceSpotter) -> Int {
                pcm[..<count].withUnsafeBufferPointer { spotter.push($0) }
            }
            #expect(push(200, &spotter) == 161)
            #expect(spotter.overruns == 39)
            #expect(push(1, &spotter) == 0)
            #expect(spotter.overruns == 40)
            // Step 0 has no frame yet and frees nothing; after step 1, frame 1 starts at 80 and
            // needs sample 79.
            var steps = [try spotter.poll()]
            #expect(push(1, &spotter) == 0)
            steps.append(try spotter.poll())
            #expect(push(400, &spotter) == 79)
            steps += [try spotter.poll(), try spotter.poll()]
            #expect(steps == [.again, .again, .again, .idle])
            spotter.reset()
            #expect(spotter.overruns == 0)
            #expect(push(400, &spotter) == 161)
        }
    }

    @Test func aModelWithoutFrontEndTakesFeaturesOnly() throws {
        var model = Self.model(0x201, seed: 83)
        model.frontEnd = nil
        model.detector = nil
        try model.block().withSpotter { spotter in
            #expect([Int16(1)].withUnsafeBufferPointer { spotter.push($0) } == 0)
            #expect(spotter.sampleRate == 0 && spotter.keywordCount == 0)
            do throws(ReferenceError) {
                _ = try spotter.poll()
                Issue.record("polled without a front end")
            } catch {
                #expect(error.status == .noFrontEnd)
            }
            _ = try spotter.run(Array(repeating: 3, count: model.features))
        }
    }

    @Test func gettersTellWhatIsInTheBlock() throws {
        let model = Self.model(0x203, seed: 84)
        try model.block().withSpotter { spotter in
            #expect(spotter.name == "test")
            #expect(spotter.classes.prefix(2) == ["class 0", "class 1"])
            #expect(spotter.keywords == ["class 1", "class 0", "hi"])
            #expect(spotter.labelBytes(of: 3) == nil)
            #expect(spotter.classLabelBytes(of: -1) == nil)
            #expect(spotter.sampleRate == 16000 && spotter.hopSamples == 80)
            #expect(spotter.windowHops == 6 && spotter.windowSamples == 480)
            #expect(spotter.featureCount == 60 && spotter.classCount == spotter.classes.count)
            #expect(spotter.layerCount == 3 && spotter.layerKernel(1) >> 4 == 3)
            #expect(spotter.inputShape.height == 5 && spotter.inputShape.channels == 12)
        }
    }
}
