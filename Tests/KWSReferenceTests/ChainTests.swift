// SPDX-License-Identifier: Apache-2.0

// Goal: layers that take turns, keeping only the rows that are needed, compute what they compute one
// after the other; outputs that trail their input, too.
// Method: random chains with the fewest slots that SPEC.md 4.1 allows, or some more, any phase; the
// library's rows against the reference, which keeps every tensor whole.

internal import KWSNumerics
internal import KWSReference
internal import Testing

@Suite struct ChainTests {
    /// A chain behind a first layer, of windows of every kind; a mean or a dense layer at its end.
    static func model(_ random: inout SplitMix64) -> TestModel {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        let x = TestModel.Tensor(
            height: number(1...17), width: number(1...6), channels: number(1...5),
            zeroPoint: number(0...255))
        var model = TestModel(tensors: [x], layers: [])
        let count = number(3...8)
        for index in 0..<count {
            let kernel =
                [
                    TestModel.Kernel.convolution, .pointwise, .pointwiseBlocks, .depthwise,
                    .depthwise,
                    .maxPool, .averagePool,
                ].randomElement(using: &random) ?? .pointwise
            let bits = [8, 8, 8, 4, 2].randomElement(using: &random) ?? 8
            model.append(kernel, bits: bits, &random)
            if kernel == .depthwise || kernel.isPointwise { model.keepShape(&random) }
            model.layers[index].isChained = index > 0
        }
        if Bool.random(using: &random) {
            model.append(.mean, bits: 8, &random)
            model.layers[count].isChained = true
        }
        for layer in 1..<model.layers.count { model.shrink(layer, &random) }
        model.append(.dense, bits: 8, &random)
        return model
    }

    @Test(arguments: 300...339) func runAsWholeTensorsDo(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var (rings, trailing) = (0, 0)
        for round in 0..<20 {
            let model = Self.model(&random)
            rings += model.tensors.count { $0.slots < $0.height }
            trailing += model.tensors.count { $0.place != nil }
            let features = KernelTests.features(model.features, &random)
            let expected = try LibraryTests.reference(model.block(), [], features)
            let found = try LibraryTests.library(model.block(), [], features)
            #expect(found != nil, "refused: seed \(seed), round \(round)")
            #expect(found == expected, "seed \(seed), round \(round)")
        }
        #expect(rings > 15 && trailing > 0, "\(rings) rings, \(trailing) trail")
    }
}

extension TestModel {
    /// Makes the newest layer, a depthwise or pointwise one, keep its input's shape now and then.
    fileprivate mutating func keepShape(_ random: inout SplitMix64) {
        guard Int.random(in: 0...3, using: &random) > 0, var layer = layers.popLast() else {
            return
        }
        let x = tensors[layer.input]
        var y = x
        y.zeroPoint = 3 * y.unit
        tensors[layer.output] = y
        layer.geometry[2] = 1
        layer.geometry[3] = 1
        let taps = layer.geometry[0] * layer.geometry[1]
        layer.fill(layer.kernel.isPointwise ? x.channels : taps, y, &random)
        layers.append(layer)
    }

    /// Gives the input of a layer that takes turns few slots, or those of the tensor before.
    fileprivate mutating func shrink(_ index: Int, _ random: inout SplitMix64) {
        let layer = layers[index]
        let tensor = tensors[layer.input]
        let window = max(1, layer.geometry[0])
        let before = layers[index - 1]
        let x = tensors[before.input]
        let isSame =
            x.width == tensor.width && x.channels == tensor.channels && x.bits == tensor.bits
        let lag = before.geometry[4]
        if window == 1, isSame, index > 1, Bool.random(using: &random) {
            let trails =
                before.kernel.isPointwise
                || before.kernel == .depthwise && x.bits == 8 && before.geometry[2] == 1
                    && before.geometry[3] == 1 && lag <= x.slots
                    && (x.slots >= before.geometry[0] && x.slots < x.height || lag == 0)
            let phase = (x.phase + x.slots - lag) % x.slots
            if trails, x.slots < tensor.height || x.slots == tensor.height && phase == 0 {
                tensors[layer.input].rows = x.slots
                tensors[layer.input].phase = phase
                tensors[layer.input].place = before.input
                return
            }
        }
        let rows = min(tensor.height, window + Int.random(in: 0...1, using: &random))
        tensors[layer.input].rows = rows
        if rows < tensor.height {
            tensors[layer.input].phase = Int.random(in: 0..<rows, using: &random)
        }
    }
}
