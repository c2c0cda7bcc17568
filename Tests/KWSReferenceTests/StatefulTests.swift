// SPDX-License-Identifier: Apache-2.0

// Goal: a layer that keeps its state makes of windows, one after the other, what it makes of all their
// rows at once, until a reset. Method: random layers, each also as one that begins anew, which the
// oracle of KernelTests has checked.

internal import KWSNumerics
internal import KWSReference
internal import Testing

@Suite struct StatefulTests {
    @Test(arguments: [TestModel.Kernel.lstm, .gru, .lstmGaps, .gruGaps], 0..<20)
    func windowsGoOn(kernel: TestModel.Kernel, seed: UInt64) throws {
        var random = SplitMix64(seed: 300 + seed)
        let windows = 3
        let height = Int.random(in: 1...4, using: &random)
        var whole = TestModel(tensors: [], layers: [])
        repeat {
            let x = TestModel.Tensor(
                height: windows * height, width: Int.random(in: 1...3, using: &random),
                channels: Int.random(in: 1...9, using: &random))
            whole = TestModel(tensors: [x], layers: [])
            whole.append(kernel, &random)
        } while whole.layers[0].geometry[1] & 1 != 0
        var stateful = whole
        stateful.layers[0].geometry[1] |= 16
        stateful.tensors[0].height = height
        let isLast = whole.layers[0].isLast
        if !isLast { stateful.tensors[1].height = height }

        let features = KernelTests.features(whole.features, &random)
        let expected = try whole.block().withSpotter {
            _ = try $0.run(features)
            return Array($0.layerOutput(0))
        }
        let each = features.count / windows
        try stateful.block().withSpotter { spotter in
            var found: [[UInt8]] = []
            for window in 0..<windows {
                _ = try spotter.run(Array(features[window * each..<(window + 1) * each]))
                found.append(Array(spotter.layerOutput(0)))
            }
            #expect((isLast ? found[windows - 1] : found.flatMap(\.self)) == expected)
            spotter.reset()
            _ = try spotter.run(Array(features[..<each]))
            #expect(Array(spotter.layerOutput(0)) == found[0])
        }
    }

    @Test func bytesThatNobodyKeepsAreRefused() throws {
        var random = SplitMix64(seed: 2)
        var model = TestModel(
            tensors: [TestModel.Tensor(height: 2, width: 1, channels: 3)], layers: [])
        model.append(.gru, &random)
        var block = try model.block()
        #expect(throws: Never.self) { try block.withSpotter { _ in } }
        block[word: 60] = 4  // kept_bytes
        block.seal()
        #expect(throws: ReferenceError.self) { try block.withSpotter { _ in } }
    }

    @Test func aStateThatDoesNotLastIsRefused() throws {
        var random = SplitMix64(seed: 1)
        var model = TestModel(
            tensors: [TestModel.Tensor(height: 2, width: 1, channels: 3)], layers: [])
        model.append(.gru, &random)
        (model.layers[0].geometry[1], model.layers[0].geometry[4]) = (16, 0)
        model.tensors[1].height = 2
        #expect(throws: Never.self) { try model.block().withSpotter { _ in } }
        model.layers[0].geometry[1] = 17
        #expect(throws: ReferenceError.self) { try model.block().withSpotter { _ in } }
    }
}
