// SPDX-License-Identifier: Apache-2.0

// Goal: every kernel of SPEC.md section 4 writes the numbers that its formula says.
// Method: random shapes, windows and tables against the Oracle (pad, correlate, rescale in
// Double); a chain of all kernels looked at layer by layer; softmax against the real one.

internal import Foundation
internal import KWSNumerics
internal import KWSReference
internal import Testing

@Suite struct KernelTests {
    static func features(_ count: Int, _ random: inout SplitMix64) -> [Int8] {
        (0..<count).map { _ in Int8(truncatingIfNeeded: random.next()) }
    }

    /// Compares every layer's output and returns all of them.
    @discardableResult
    static func compare(
        _ model: TestModel, _ features: [Int8], _ comment: String
    ) throws -> [[UInt8]] {
        let expected = Oracle(model: model).run(features)
        return try model.block().withSpotter { spotter in
            let scores = try spotter.run(features)
            var outputs: [[UInt8]] = []
            for (index, layer) in model.layers.enumerated() {
                let output = Array(spotter.layerOutput(index))
                let shape = spotter.layerShape(index)
                let tensor = model.tensors[layer.output]
                #expect(output == tensor.packed(expected[layer.output].values), "\(comment)")
                #expect(shape.height == tensor.height && shape.width == tensor.width)
                #expect(shape.channels == tensor.channels)
                outputs.append(output)
            }
            // Of a softmax the upper bytes.
            let upper = outputs.last.map { Array($0.prefix(spotter.classCount)) }
            #expect(scores.map { UInt8(bitPattern: $0) ^ 128 } == upper)
            #expect(spotter.features.map { Int8(bitPattern: $0 ^ 128) } == features)
            return outputs
        }
    }

    @Test(arguments: TestModel.Kernel.allCases)
    func equalsItsFormula(kernel: TestModel.Kernel) throws {
        let seed: UInt64 = 11
        var random = SplitMix64(seed: seed)
        var seen = Set<UInt8>()
        for round in 0..<150 {
            let model = TestModel.random(kernel, &random)
            let features = Self.features(model.features, &random)
            let outputs = try Self.compare(
                model, features, "\(kernel), seed \(seed), round \(round)")
            seen.formUnion(outputs.last ?? [])
        }
        // The tables are such that the results show something.
        #expect(seen.count > 64 && seen.contains(255) && seen.contains(0), "\(seen.count)")
    }

    @Test func placesShareAnOutput() throws {
        let seed: UInt64 = 12
        var random = SplitMix64(seed: seed)
        for round in 0..<50 {
            var model = TestModel(
                tensors: [
                    .init(
                        height: Int.random(in: 1...7, using: &random),
                        width: Int.random(in: 1...7, using: &random),
                        channels: Int.random(in: 1...7, using: &random))
                ], layers: [])
            model.append(.place, &random)
            let x = model.tensors[0]
            // Side by side along each axis in turn.
            let axis = round % 3
            var second = model.layers[0]
            switch axis {
            case 0: model.tensors[1].height *= 2
            case 1: model.tensors[1].width *= 2
            default: model.tensors[1].channels *= 2
            }
            second.geometry = [
                0, axis == 2 ? x.channels : 0, 0, 0, axis == 0 ? x.height : 0,
                axis == 1 ? x.width : 0,
            ]
            second.multipliers = [-second.multipliers[0] / 2]
            model.layers.append(second)
            let features = Self.features(model.features, &random)
            let expected = Oracle(model: model).run(features)[1].values
            let found = try model.block().withSpotter { try $0.run(features) }
            #expect(found.map { Int($0) + 128 } == expected, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: 20...39) func chainsKeepEveryLayer(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let x = TestModel.Tensor(height: 9, width: 7, channels: 3, zeroPoint: 123)
        var model = TestModel(tensors: [x], layers: [])
        model.append(.add, &random)
        for kernel in [
            TestModel.Kernel.convolution, .depthwise, .pointwise, .averagePool, .transpose,
            .maxPool, .view, .place, .mean, .dense, .softmax,
        ] {
            model.append(kernel, &random)
        }
        let features = Self.features(model.features, &random)
        try Self.compare(model, features, "seed \(seed)")
    }

    @Test(arguments: 40...59) func softmaxIsOneWithinItsRounding(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let count = Int.random(in: 2...40, using: &random)
        let scale = Double.random(in: 0.05...0.3, using: &random)
        let x = TestModel.Tensor(height: 1, width: 1, channels: count)
        var model = TestModel(tensors: [x], layers: [])
        model.append(.softmax, &random)
        model.tensors[1].channels = 2 * count
        model.layers[0].shift = 13
        model.layers[0].multipliers = [1]
        // The largest shift for which the multiplier has 15 bits.
        for n in 0...13 {
            let unit: Double = exp2(Double(10 + n)) * log2(M_E)
            let m = (scale * unit).rounded()
            if m > 32767 { break }
            (model.layers[0].shift, model.layers[0].multipliers) = (n, [Int16(m)])
        }
        let features = Self.features(count, &random)

        let e = features.map { exp(scale * Double($0)) }
        let sum = e.reduce(0, +)
        // The exponent is off by 2^-10 (its floor), 2^-15 of itself (the multiplier, up to 20), the
        // chord by 2^-14, e by 1.5 of 32768; together less than 2^-9 of e and 1.5, as is the sum.
        let sums = 1.5 * Double(1 + count) / 32768
        let tolerance: Double = 0.5 + 65536 * (2.0 / 512 + sums)
        let (scores, bytes) = try model.block().withSpotter {
            (try $0.run(features), Array($0.layerOutput(0)))
        }
        #expect(scores.map { Int($0) + 128 } == bytes.prefix(count).map { Int($0) })
        for (i, e) in e.enumerated() {
            let found = Double(256 * Int(bytes[i]) + Int(bytes[count + i]))
            #expect(abs(found - min(65535, 65536 * e / sum)) <= tolerance, "seed \(seed)")
        }
    }
}

extension TestModel.Tensor {
    /// Elements as they are stored: pixels from the lowest bit on, filled up to whole bytes.
    func packed(_ values: [Int]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, value) in values.enumerated() {
            let place = index % channels * bits % 8
            if place == 0 { bytes.append(0) }
            bytes[bytes.count - 1] |= UInt8(value / unit) << UInt8(place)
        }
        return bytes
    }
}
