// SPDX-License-Identifier: Apache-2.0

// Goal: a truncated, damaged or lying block is refused with the status that kws.h names, and never
// stops the program or leads it out of its memory.
// Method: every length, every bit; one spoiled and re-sealed field for each rule of the check; then
// blocks with random fields, run between guard bytes.

internal import KWSNumerics
internal import KWSReference
internal import Testing

@Suite struct EvilBlockTests {
    static func status(_ block: TestBlock) -> ReferenceStatus? {
        do {
            _ = try block.withBytes { try ReferenceSpotter.requiredSize(of: $0) }
            return nil
        } catch {
            return (error as? ReferenceError)?.status
        }
    }

    /// The elements of tensor 0, 0 for a block that the reference refuses.
    static func featureCount(_ block: TestBlock) -> Int {
        guard status(block) == nil else { return 0 }
        return (try? block.withSpotter { $0.featureCount }) ?? 0
    }

    /// All kernels, with the front end that has all tables.
    static func model() -> TestModel {
        var model = StreamTests.model(0x203, seed: 91)
        var random = SplitMix64(seed: 92)
        model.layers = []
        model.tensors.removeSubrange(1...)
        for kernel in [
            TestModel.Kernel.add, .depthwise, .pointwiseBlocks, .averagePool, .transpose, .maxPool,
            .view, .convolution, .denseGaps, .softmax,
        ] {
            model.append(kernel, bits: kernel == .depthwise ? 4 : 8, &random)
        }
        model.tensors[model.tensors.count - 1].zeroPoint = 0
        return model
    }

    @Test func everyLengthIsTruncated() {
        var block = Self.model().block()
        let count = block.count
        #expect(Self.status(block) == nil)
        for length in 0..<count {
            block.count = length
            #expect(Self.status(block) == .truncated, "\(length) bytes")
        }
        #expect(Self.status(TestBlock([])) == .truncated || Self.status(TestBlock([])) == .null)
    }

    @Test func everyFlippedBitIsSeen() {
        let block = Self.model().block()
        for byte in 0..<block.count {
            var spoiled = block
            spoiled[byte: byte] ^= 1 << UInt8(byte * 5 % 8)
            let expected: Set<ReferenceStatus> =
                switch byte {
                case 0..<4: [.magic]
                case 4..<6: [.format]
                case 8..<12: [.truncated, .model, .checksum]
                default: [.checksum]
                }
            // The pack order stands outside of what the CRC covers.
            if byte == 6 || byte == 7 {
                #expect(Self.status(spoiled) == .pack)
            } else {
                #expect(Self.status(spoiled).map(expected.contains) == true, "byte \(byte)")
            }
        }
    }

    @Test func alignmentAndMemoryAreChecked() throws {
        let block = Self.model().block()
        var bytes = [UInt32](repeating: 0, count: block.count / 4 + 1)
        try bytes.withUnsafeMutableBytes { shifted in
            let odd = UnsafeMutableRawBufferPointer(rebasing: shifted[2..<2 + block.count])
            block.withBytes { odd.copyMemory(from: $0) }
            let error = #expect(throws: ReferenceError.self) {
                try ReferenceSpotter.requiredSize(of: UnsafeRawBufferPointer(odd))
            }
            #expect(error?.status == .alignment)
        }
        try block.withBytes { bytes in
            let size = try ReferenceSpotter.requiredSize(of: bytes)
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
            defer { memory.deallocate() }
            let error = #expect(throws: ReferenceError.self) {
                _ = try ReferenceSpotter(
                    block: bytes, memory: .init(rebasing: memory[..<(size - 1)]))
            }
            #expect(error?.status == .memory)
            _ = try ReferenceSpotter(block: bytes, memory: memory)
        }
    }

    @Test func everyFieldIsChecked() {
        let block = Self.model().block()
        func record(_ field: Int, _ index: Int, _ bytes: Int) -> Int {
            Int(block[word: field]) + index * bytes
        }
        func tensor(_ index: Int) -> Int { record(40, index, 16) }
        func layer(_ index: Int) -> Int { record(44, index, 48) }
        let frontEnd = Int(block[word: 52])
        let detector = Int(block[word: 56])
        let layers = block[half: 26]

        /// A field's name, where it is, and what must not be there.
        let halves: [(String, Int, [UInt16], ReferenceStatus)] = [
            ("tensor_count", 24, [0, 1, 5], .model),
            ("layer_count", 26, [0, layers - 1, 1025], .model),
            ("label_count", 28, [0, 1, 0xFFFF], .model),
            ("height", tensor(0), [0, 4, 6], .model),
            ("channels", tensor(3) + 4, [0, 0xFFFF], .model),
            ("bits", tensor(0) + 6, [0x0400, 0x0000, 0x0300], .model),
            ("zero_point", tensor(3) + 6, [0x0408, 0x0210], .model),
            ("rows", tensor(1) + 8, [0, 1, 0xFFFF], .model),
            ("phase", tensor(1) + 10, [1, 0xFFFF], .model),
            ("kernel", layer(0), [0, 0x10, 0x15, 0x58, 0x98, 0xD0, 0x201], .kernel),
            ("shift", layer(0) + 2, [31, 255], .model),
            ("shift of a softmax", layer(10) + 2, [14], .model),
            ("chained place", layer(0) + 2, [0x0100, 0x0200], .model),
            ("chained transpose", layer(5) + 2, [0x0100], .model),
            ("chained pointwise", layer(3) + 2, [0x0200, 0xFF00], .model),
            ("input", layer(1) + 4, [2, 3, 4, 0xFFFF], .model),
            ("input2 of a depthwise", layer(2) + 6, [0], .model),
            ("input2 of an add", layer(1) + 6, [2, 0xFFFF], .model),
            ("output", layer(1) + 8, [0, 1, 0xFFFF], .model),
            ("kernel_height", layer(2) + 10, [0, 0xFFFF], .model),
            ("kernel_width", layer(2) + 12, [0, 0xFFFF], .model),
            ("stride_height", layer(8) + 14, [0], .model),
            ("stride_width", layer(8) + 16, [0], .model),
            ("pad_top of a place", layer(0) + 18, [1], .model),
            ("pad_top of a pool", layer(6) + 18, [100], .model),
            ("first axis", layer(5) + 10, [3, 0xFFFF], .model),
            ("features", frontEnd, [0, 0x200, 0x2FF], .kernel),
            ("sample_rate", frontEnd + 2, [0], .model),
            ("frame_samples", frontEnd + 4, [0, 257, 80, 161], .model),
            ("hop_samples", frontEnd + 6, [0, 79, 161, 0xFFFF], .model),
            ("frame_count", frontEnd + 8, [0, 4, 6], .model),
            ("window_hops", frontEnd + 10, [5, 7], .model),
            ("band_count", frontEnd + 12, [0, 257], .model),
            ("feature_count", frontEnd + 14, [0, 11, 257], .model),
            ("fft_points", frontEnd + 16, [0, 32, 255, 128, 8192], .model),
            ("spectrum, shift", frontEnd + 18, [0x0002, 0x1F00], .model),
            ("preemphasis", frontEnd + 20, [0x8000, 0xFFFF], .model),
            ("whitening, fine_plane", frontEnd + 22, [16, 255, 0x0100, 0x0200], .model),
            ("window", Int(block[word: frontEnd + 36]), [16385, 0x8000], .model),
            ("twiddle", Int(block[word: frontEnd + 40]), [32765, 32767, 3], .model),
            ("inference_hops", detector, [0, 256], .model),
            ("smoothing", detector + 2, [0, 65], .model),
            ("keyword_count", detector + 6, [0, 1000], .model),
            ("class_index", Int(block[word: detector + 8]), [1000], .model),
            ("phrase_count", detector + 20, [0, 2, 0xFFFF], .model),
            ("phrase_decisions", detector + 22, [0, 1025], .model),
            ("phrase_words", detector + 24, [0, 1, 3], .model),
            ("word_count", Int(block[word: detector + 28]) + 6, [0, 1, 3, 9], .model),
            ("word", Int(block[word: detector + 28]) + 10, [1000], .model),
        ]
        for (name, offset, values, expected) in halves {
            for value in values {
                var spoiled = block
                spoiled[half: offset] = value
                spoiled.seal()
                #expect(Self.status(spoiled) == expected, "\(name) = \(value)")
            }
        }

        let far: [UInt32] = [
            2, 56, UInt32(block.count), UInt32(block.count) + 4, 0x7FFF_FFFC, 0xFFFF_FFFC,
        ]
        let words: [(String, Int, [UInt32])] = [
            ("arena_bytes", 20, [0, 2, 1 << 24, 0xFFFF_FFFC]),
            ("progress_offset", 32, [2, 44, block[word: 20], 0x7FFF_FFFC, 0xFFFF_FFFC]),
            ("name_offset", 36, far), ("tensors_offset", 40, far), ("layers_offset", 44, far),
            ("labels_offset", 48, far), ("front_end_offset", 52, far + [0]),
            ("detector_offset", 56, far + [0]),
            ("arena_offset", tensor(0) + 12, [2, 1 << 24, 0x7FFF_FFFC, 0xFFFF_FFFC]),
            ("label", Int(block[word: 48]), far), ("weights_offset", layer(2) + 24, far),
            ("weights_bytes", layer(2) + 28, [0, 1, 0xFFFF_FFFF]),
            ("multipliers_offset", layer(2) + 32, far), ("biases_offset", layer(2) + 36, far),
            ("scratch_bytes", layer(2) + 44, [1 << 24, 0xFFFF_FFFF]),
            ("bias", Int(block[word: layer(2) + 36]), [1 << 30, 0xC000_0000, 0x8000_0000]),
            ("softmax multiplier", Int(block[word: layer(10) + 32]), [0, 0x8000]),
            ("log_offset", frontEnd + 24, [1 << 24 + 1, 0x8000_0000]),
            ("log_floor", frontEnd + 28, [1 << 24 + 1, 0x8000_0000]),
            ("pcm_capacity", frontEnd + 32, [0, 160, 1 << 20 + 1, 0xFFFF_FFFF]),
            ("window_offset", frontEnd + 36, far), ("twiddles_offset", frontEnd + 40, far),
            ("bands_offset", frontEnd + 44, far), ("band_weights_offset", frontEnd + 48, far),
            ("own_offset", frontEnd + 52, far), ("multipliers_offset", frontEnd + 56, far),
            ("biases_offset", frontEnd + 60, far), ("keywords_offset", detector + 8, far),
            ("energy", detector + 16, [1 << 31 + 1, 0xFFFF_FFFF]),
            ("phrases_offset", detector + 28, far),
            ("phrase's name", Int(block[word: detector + 28]), far),
            ("band", Int(block[word: frontEnd + 44]), [0x0200_0000, 0x0002_0080]),
            ("long twiddle", Int(block[word: frontEnd + 40]), [0x016C_8000]),
            ("band weight", Int(block[word: frontEnd + 48]), [32768, 32768 << 16]),
            ("dct", Int(block[word: frontEnd + 52]), [0x8000_8000]),
        ]
        for (name, offset, values) in words {
            for value in values {
                var spoiled = block
                spoiled[word: offset] = value
                spoiled.seal()
                #expect(Self.status(spoiled) == .model, "\(name) = \(value)")
            }
        }
    }

    /// Library and reference believe the same tables.
    @Test(arguments: [TestModel.Kernel.lstmGaps, .gruGaps], 0..<8)
    func gapsOfCellsLeadNowhere(kernel: TestModel.Kernel, seed: UInt64) throws {
        var random = SplitMix64(seed: 500 + seed)
        var model = TestModel(tensors: [.init(height: 2, width: 2, channels: 9)], layers: [])
        model.append(kernel, &random)
        let block = model.block()
        let start = Int(block[word: Int(block[word: 44]) + 24])
        let features = KernelTests.features(model.features, &random)
        var statuses: Set<ReferenceStatus?> = []
        for at in start..<start + model.layers[0].packed.count {
            for value in [0, 1, 255, UInt8.random(in: 0...255, using: &random)] {
                var spoiled = block
                spoiled[byte: at] = value
                spoiled.seal()
                let status = Self.status(spoiled)
                statuses.insert(status)
                let outcome = try LibraryTests.library(spoiled, [], features)
                #expect((outcome == nil) == (status == .model), "byte \(at - start): \(value)")
                guard status == nil else { continue }
                #expect(outcome == (try LibraryTests.reference(spoiled, [], features)))
            }
        }
        #expect(statuses == [nil, .model])
    }

    @Test func placesThatOverlapOrLeaveGapsAreRefused() {
        var random = SplitMix64(seed: 93)
        var model = TestModel(
            tensors: [.init(height: 3, width: 2, channels: 2)], layers: [])
        model.append(.place, &random)
        model.tensors[1].height = 6
        var second = model.layers[0]
        second.geometry[4] = 3
        model.layers.append(second)
        #expect(Self.status(model.block()) == nil)
        for (row, column) in [(2, 0), (4, 0), (0, 0), (3, 1)] {
            model.layers[1].geometry[4] = row
            model.layers[1].geometry[5] = column
            #expect(Self.status(model.block()) == .model, "\(row), \(column)")
        }
        model.layers.removeLast()
        #expect(Self.status(model.block()) == .model)
    }

    /// A chain of a depthwise layer, whose output trails, a pointwise one and a mean.
    @Test func chainsThatCannotRunAreRefused() {
        var random = SplitMix64(seed: 94)
        var model = TestModel(tensors: [.init(height: 9, width: 2, channels: 3)], layers: [])
        model.append(.place, &random)
        for (kernel, channels) in [(TestModel.Kernel.maxPool, 3), (.depthwise, 3), (.mean, 3)] {
            let from = model.tensors.count - 1
            var layer = TestModel.Layer(kernel: kernel, input: from, output: from + 1)
            layer.isChained = kernel != .maxPool
            var y = TestModel.Tensor(height: 9, width: 2, channels: channels)
            if kernel == .mean { (y.height, y.width) = (1, 1) }
            layer.geometry = kernel == .mean ? [0, 0, 0, 0, 0, 0] : [3, 1, 1, 1, 1, 0]
            if kernel == .depthwise { layer.fill(3, y, &random) }
            if kernel == .mean { layer.fill(sum: 1, y, &random) }
            model.layers.append(layer)
            model.tensors.append(y)
        }
        model.tensors[2].rows = 3
        model.tensors[2].phase = 1
        model.tensors[3].rows = 3
        model.tensors[3].phase = 0
        model.tensors[3].place = 2
        #expect(Self.status(model.block()) == nil)

        func refused(_ name: String, _ spoil: (inout TestModel) -> Void) {
            var other = model
            spoil(&other)
            #expect(Self.status(other.block()) == .model, "\(name)")
        }
        refused("too few slots") { $0.tensors[2].rows = 2 }
        refused("a ring outside a chain") { $0.layers[2].isChained = false }
        refused("a mean outside, of a ring") { $0.layers[3].isChained = false }
        refused("behind a place") { $0.layers[1].isChained = true }
        refused("phase") { $0.tensors[2].phase = 3 }
        refused("another input") {
            $0.layers[2].input = 1
            $0.tensors[2].rows = nil
            $0.tensors[2].phase = 0
        }
    }

    @Test(arguments: 100...119) func randomFieldsNeverTrap(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let block = Self.model().block()
        let pcm = TestSounds.all(800, seed: seed)[3].pcm
        let records = Int(block[word: 36])
        let values: [UInt16] = [
            0, 1, 2, 3, 4, 7, 8, 12, 16, 48, 0x24, 0x48, 0x70, 0x108, 0x202, 255, 256, 0x7FFF,
            0x8000, 0xFFFF,
        ]
        var accepted = 0
        for round in 0..<1000 {
            var spoiled = block
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                // Records or tables; the header's first words have their own tests.
                let isRecord = Bool.random(using: &random)
                let end = isRecord ? records : block.count
                let at = 20 + 2 * Int.random(in: 0..<(end - 20) / 2, using: &random)
                let any = UInt16(truncatingIfNeeded: random.next())
                spoiled[half: at] =
                    isRecord ? values.randomElement(using: &random) ?? any : any
            }
            spoiled.seal()
            guard Self.status(spoiled) == nil else { continue }
            accepted += 1
            try spoiled.withSpotter { spotter in
                _ = try spotter.hear(pcm)
                _ = try spotter.run(Array(repeating: -7, count: spotter.featureCount))
            }
            if round == 0 { #expect(Self.status(block) == nil, "seed \(seed)") }
        }
        // Some pass the check and run, others don't.
        #expect((50..<950).contains(accepted), "\(accepted) of 1000, seed \(seed)")
    }
}
