// SPDX-License-Identifier: Apache-2.0
//
// Goal: recurrent layers are stored sparse where that pays, and only there. Method: one LSTM with
// more and more of its weights 0, on cores that need 1 to 4 instructions a dense product.

import KWSGraph
import KWSPasses
import KWSTestModels
import Testing

struct ChooseStorageTests {
    /// An LSTM of 40 inputs and 64 units in which each weight is 0 with a probability.
    private func graph(zeros: Double) throws -> QuantGraph {
        var random = TestRandom(seed: 3)
        func weights(_ count: Int) -> [Float] {
            (0..<count).map { _ in Double(random.unit()) < zeros ? 0 : random.unit() + 0.1 }
        }
        var graph = FloatGraph(name: "cell", inputShape: [2, 40, 1])
        try graph.append(
            .lstm(
                LSTM(
                    Recurrence(inputs: 40, units: 64, returnsSequence: false),
                    weights: weights(256 * 40), recurrentWeights: weights(256 * 64),
                    bias: weights(256))),
            name: "lstm", inputs: [graph.input])
        return try Quantise(
            calibration: Calibration(graph, inputs: [weights(80)]),
            input: InputQuantisation(Quantisation(lower: -1, upper: 1), hasFinePlane: false))(
                graph)
    }

    private func storage(zeros: Double, _ target: String) throws -> WeightStorage {
        let variant = try #require(KernelVariant.of(target: target))
        return ChooseStorage(variant)(try graph(zeros: zeros)).layers[0].storage
    }

    @Test(arguments: ["cortex-m0plus", "cortex-m3", "cortex-m4"])
    func manyZerosAreSkipped(target: String) throws {
        #expect(try storage(zeros: 0.92, target) == .gaps)
        #expect(try storage(zeros: 0.4, target) == .dense)
    }

    @Test func vectorsMultiplyZeros() throws {
        #expect(try storage(zeros: 0.92, "cortex-m55") == .dense)
    }

    /// Half of the bytes are worth a little time, not much of it.
    @Test(arguments: [(0.845, 1.0...1.0625, WeightStorage.gaps), (0.82, 1.0625...1.2, .dense)])
    func fewerBytesAreWorthALittleTime(
        zeros: Double, more: ClosedRange<Double>, storage: WeightStorage
    ) throws {
        let variant = try #require(KernelVariant.of(target: "cortex-m4"))
        let choice = try #require(StorageChoice(try graph(zeros: zeros), layer: 0, variant))
        let (dense, gaps) = (choice.candidates[0], choice.candidates[1])
        #expect(2 * gaps.bytes < dense.bytes)
        #expect(more.contains(Double(gaps.instructions) / Double(dense.instructions)))
        #expect(choice.chosen.storage == storage)
    }

    @Test func aStepCountsOnce() throws {
        let variant = try #require(KernelVariant.of(target: "cortex-m4"))
        let choice = try #require(StorageChoice(try graph(zeros: 0.9), layer: 0, variant))
        #expect(choice.candidates.map(\.storage) == [.dense, .gaps])
        // 26,624 products a step, two steps.
        #expect(choice.candidates[0].bytes == 26624)
        #expect(abs(choice.candidates[0].instructions - 2 * 30351) <= 2)
    }
}
