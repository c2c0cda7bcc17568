// SPDX-License-Identifier: Apache-2.0

// Goal: smoothing, thresholds, lock-out, gate and sample numbers are those of SPEC.md section 6.
// Method: hops of four sounds, written as letters, for which the network's posteriors are known;
// the events are worked out by hand.

internal import Foundation
internal import KWSReference
internal import Testing

@Suite struct DetectionTests {
    static let hop = 64

    /// A hop of silence (.), of a low tone (L), of a high one (H), of both (B).
    static func pcm(_ hops: String) -> [Int16] {
        hops.flatMap { letter in
            (0..<hop).map { n in
                let (low, high) = (sin(Double(n) * .pi / 8), sin(Double(n) * .pi * 3 / 4))
                let both = (letter == "H" ? 0 : low) + (letter == "L" ? 0 : high)
                return letter == "." ? 0 : Int16(8000 * both)
            }
        }
    }

    /// Two keywords: `low` (class 2) and `high` (class 0); class 1 is neither. The features are 255
    /// or 0 for loud and silent; e at distances of 127, 128 and 255 is 57, 54 and 0. So posteriors are
    /// 65536 * 32768 / (32768 + 57) = 65422.2 for a tone alone and 0 for the other one, 32739.5 + 0.5 for
    /// each of both, 65536 * 54 / (32768 + 108) = 107.6 for silence.
    static func model(
        frames: Int = 1, thresholds: (Int, Int) = (40000, 40000), _ detector: TestDetector
    ) -> TestModel {
        var frontEnd = TestFrontEnd(
            frameSamples: hop, hopSamples: hop, frameCount: frames, fftPoints: 64,
            logOffset: -29000,
            bands: [(3, [10922, 10922, 10922]), (23, [10922, 10922, 10922])])
        frontEnd.multipliers = [32767, 32767]
        // A tone is about 20000, its rounding in the other band 9000, silence -32768.
        frontEnd.biases = [-7000, -7000]
        var detector = detector
        detector.keywords = [(2, thresholds.0), (0, thresholds.1)]
        var model = TestModel.listening(frontEnd, detector: detector)
        let logits = TestModel.Tensor(height: 1, width: 1, channels: 3)
        let scores = TestModel.Tensor(height: 1, width: 1, channels: 6)
        model.tensors = [model.tensors[0], logits, scores]
        // Rows pick the last frame's features; the middle class is always 128.
        let before = Array(repeating: 0, count: 2 * (frames - 1))
        var dense = TestModel.Layer(kernel: .dense, input: 0, output: 1)
        dense.weights = (before + [0, 64]) + (before + [0, 0]) + (before + [64, 0])
        dense.multipliers = [1024, 1024, 1024]
        dense.biases = [0, 128, 0]
        model.layers[0] = dense
        return model
    }

    /// What is heard, as step, keyword and score.
    static func heard(_ model: TestModel, _ hops: String) throws -> [[Int]] {
        try model.block().withSpotter { spotter in
            try spotter.hear(pcm(hops)).map { event in
                #expect(event.endSample % UInt32(hop) == 0)
                return [Int(event.endSample) / hop - 1, event.keyword, Int(event.score)]
            }
        }
    }

    @Test func eachToneIsItsKeyword() throws {
        let model = Self.model(TestDetector())
        #expect(
            try Self.heard(model, ".L.HB.L") == [[1, 0, 65422], [3, 1, 65422], [6, 0, 65422]])
    }

    @Test func tiesGoToTheLowestNumber() throws {
        func heard(_ low: Int, _ high: Int) throws -> [[Int]] {
            try Self.heard(Self.model(thresholds: (low, high), TestDetector()), "B")
        }
        #expect(try heard(32740, 32740) == [[0, 0, 32740]])
        #expect(try heard(32741, 32740) == [[0, 1, 32740]])
        #expect(try heard(32741, 32741) == [])
    }

    @Test func theLargestScoreFires() throws {
        // Over two hops.
        let model = Self.model(thresholds: (1, 1), TestDetector(smoothing: 2))
        #expect(
            try Self.heard(model, "LB.") == [
                [0, 0, 65422 / 2], [1, 0, (65422 + 32740) / 2], [2, 0, (32740 + 108) / 2],
            ])
    }

    @Test func smoothingWaits() throws {
        // Two of three, and two and a silence.
        let model = Self.model(TestDetector(smoothing: 3))
        #expect(
            try Self.heard(model, "LL.L..L") == [[1, 0, 43614], [2, 0, 43650], [3, 0, 43650]])
    }

    @Test func lockoutCountsHops() throws {
        let always = "LLLLLLLLLLL"
        func steps(_ detector: TestDetector) throws -> [Int] {
            try Self.heard(Self.model(detector), always).map { $0[0] }
        }
        #expect(try steps(TestDetector(lockoutHops: 0)) == Array(0...10))
        #expect(try steps(TestDetector(lockoutHops: 1)) == [0, 2, 4, 6, 8, 10])
        #expect(try steps(TestDetector(lockoutHops: 4)) == [0, 5, 10])
        // Decisions at 0, 3, 6, 9: a lock-out of 3 ends with step 3.
        #expect(try steps(TestDetector(inferenceHops: 3, lockoutHops: 2)) == [0, 3, 6, 9])
        #expect(try steps(TestDetector(inferenceHops: 3, lockoutHops: 3)) == [0, 6])
        // Smoothing goes on: at step 6 all three posteriors are there.
        let smoothed = try Self.heard(
            Self.model(thresholds: (20000, 65535), TestDetector(smoothing: 3, lockoutHops: 5)),
            always)
        #expect(smoothed == [[0, 0, 21807], [6, 0, 65422]])
    }

    @Test func theHighestThresholdNeverFires() throws {
        #expect(try Self.heard(Self.model(thresholds: (65535, 0), .init()), "L") == [[0, 1, 0]])
        #expect(try Self.heard(Self.model(thresholds: (65535, 65535), .init()), "LHB.") == [])
    }

    @Test func steadySoundIsGated() throws {
        // Two rows of two features: a tone after silence differs by 255, after itself by 0.
        func steps(_ contrast: Int) throws -> [Int] {
            let model = Self.model(frames: 2, TestDetector(contrast: contrast))
            return try Self.heard(model, "..LLL.LL").map { $0[0] }
        }
        #expect(try steps(0) == [2, 3, 4, 6, 7])
        #expect(try steps(255) == [2, 6])
        #expect(try steps(256) == [])
        #expect(try steps(0xFFFF_FFFF) == [])
    }

    /// First steps of what was heard, relative to the windows.
    static func starts(_ model: TestModel, _ hops: String) throws -> [Int] {
        try model.block().withSpotter { spotter in
            try spotter.hear(pcm(hops)).map {
                Int(Int32(bitPattern: $0.startSample)) / hop + spotter.windowHops - 1
            }
        }
    }

    @Test func anEventBeginsWithItsRun() throws {
        func starts(
            _ threshold: Int, _ hops: String, inferenceHops: Int = 1, contrast: Int = 0
        ) throws -> [Int] {
            let detector = TestDetector(
                inferenceHops: inferenceHops, smoothing: 3, contrast: contrast)
            return try Self.starts(
                Self.model(frames: 2, thresholds: (threshold, 65535), detector), hops)
        }
        // Scores are 21807 for each L.
        #expect(try starts(40000, "..LLLL") == [2, 2, 3])
        // A gap ends the run, and what is averaged no more does not count.
        #expect(try starts(40000, ".LL.L") == [1, 1, 4])
        #expect(try starts(40000, "...LLLL", inferenceHops: 2) == [3])
        // A threshold of 0 fires at once, but what a gate makes zero is no run.
        #expect(try starts(0, "...", contrast: 256) == [1, 2])
        #expect(try starts(0, "...") == [1, 1])
    }

    /// `low high` as a phrase; neither fires alone.
    static func phrase(
        isOrdered: Bool = false, decisions: Int = 4, threshold: Int = 40000, lockoutHops: Int = 0
    ) -> TestModel {
        var detector = TestDetector(lockoutHops: lockoutHops)
        detector.phrases = [([0, 1], isOrdered, threshold)]
        detector.phraseDecisions = decisions
        return model(thresholds: (65535, 65535), detector)
    }

    @Test func aPhraseIsItsWordsInAWindow() throws {
        // Of one word and the other: 65422 within 0.2 % and 3.
        func steps(_ model: TestModel, _ hops: String) throws -> [Int] {
            try Self.heard(model, hops).map {
                #expect($0[1] == 2)
                #expect(abs(Double($0[2]) - 65422) <= 3 + 0.002 * 65422)
                return $0[0]
            }
        }
        #expect(try steps(Self.phrase(), ".L.H.....") == [3, 4])
        #expect(try steps(Self.phrase(), ".H.L.....") == [3, 4])
        #expect(try steps(Self.phrase(isOrdered: true), ".L.H.....") == [3, 4])
        #expect(try steps(Self.phrase(isOrdered: true), ".H.L.H...") == [5, 6])
        #expect(try steps(Self.phrase(isOrdered: true), ".H.L.....") == [])
        #expect(try steps(Self.phrase(), ".L...H...") == [])
        #expect(try steps(Self.phrase(lockoutHops: 4), ".L.H.....LH") == [3, 10])
        // Both words at once: half of the posterior each, and no order.
        let both = try Self.heard(Self.phrase(threshold: 30000), "B")
        #expect(both.map { Array($0[..<2]) } == [[0, 2]])
        #expect(try Self.heard(Self.phrase(isOrdered: true, threshold: 30000), "B") == [])
        #expect(try Self.starts(Self.phrase(), ".L.H....") == [1, 1])
        #expect(try Self.starts(Self.phrase(isOrdered: true), ".LLH.") == [1, 1])
    }

    @Test func aPhraseOfOneWordIsItsLargestScore() throws {
        var detector = TestDetector(lockoutHops: 9)
        detector.phrases = [([1], false, 40000)]
        detector.phraseDecisions = 3
        let model = Self.model(thresholds: (65535, 65535), detector)
        #expect(try Self.heard(model, ".H..").map { Array($0[..<2]) } == [[1, 2]])
    }

    @Test func silenceIsGated() throws {
        // A tone of 8000 over 64 samples: its squares sum to 64 * 8000^2 / 2, but for rounding.
        // Each is off by less than 1 in 8000, so the sum by less than 64 * 2 * 8000.
        let energy = 64 * 8000 * 8000 / 2
        func steps(_ energy: Int, _ hops: String, smoothing: Int = 1) throws -> [Int] {
            let detector = TestDetector(smoothing: smoothing, energy: energy)
            return try Self.heard(
                Self.model(frames: 2, thresholds: (20000, 20000), detector), hops
            ).map { $0[0] }
        }
        #expect(try steps(0, ".L...LL..") == [1, 5, 6])
        #expect(try steps(energy - 128 * 8000, ".L...LL..") == [1, 5, 6])
        #expect(try steps(energy + 128 * 8000, ".L...LL..") == [])
        // Both tones together are twice as loud as one, and count for the next window, too.
        #expect(try steps(energy + 128 * 8000, ".L.BLLL") == [3, 4])
        // A closed gate's decisions are averaged as zeros.
        #expect(try steps(energy + 128 * 8000, ".BLLL", smoothing: 2) == [2, 3])
    }

    @Test func thresholdsSurviveAReset() throws {
        let model = Self.model(TestDetector(smoothing: 2, lockoutHops: 9))
        try model.block().withSpotter { spotter in
            #expect(try spotter.threshold(of: 1) == 40000)
            try spotter.setThreshold(30000, of: 0)
            #expect(throws: ReferenceError.self) { try spotter.setThreshold(1, of: 2) }
            #expect(throws: ReferenceError.self) { try spotter.threshold(of: -1) }
            let first = try spotter.hear(Self.pcm("L"))
            #expect(first.map(\.score) == [32711])
            spotter.reset()
            #expect(try spotter.threshold(of: 0) == 30000)
            // Neither the lock-out nor the posterior is left, and samples count from 0 again.
            #expect(try spotter.hear(Self.pcm("L")) == first)
            #expect(try spotter.hear(Self.pcm("L")) == [])
        }
    }
}
