// SPDX-License-Identifier: Apache-2.0
//
// Goal: weights start with the variance of their formula, repeatably.
// Method: the variance of 8,192 drawn weights; its relative standard error is sqrt(2 / n) < 1.6 %
// for normal numbers and less for uniform ones, so 8 % is five of them.

import KWSGraph
import KWSNumerics
import KWSTrain
import Testing

struct InitialiserTests {
    @Test(arguments: [Initialiser.heFanOut, .xavier])
    func variances(initialiser: Initialiser) throws {
        var graph = FloatGraph(name: "init", inputShape: [4, 4, 32])
        try graph.append(
            .convolution(
                Window(kernel: (2, 2)), weights: Array(repeating: 0, count: 64 * 4 * 32),
                bias: Array(repeating: 1, count: 64)),
            name: "conv", inputs: [graph.input])
        let network = try TrainableNetwork(
            graph, TrainableNetwork.Options(batch: 1, threads: 1))
        var random = SplitMix64(seed: 2)
        network.initialise(initialiser, random: &random)
        let weights = network.parameters.values[network.parameters.slices[0].range]
        let variance =
            weights.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(weights.count)
        let expected =
            switch initialiser {
            case .heFanOut: 2.0 / (4 * 64)
            case .xavier: 2.0 / (4 * 32 + 4 * 64)
            }
        #expect(abs(variance / expected - 1) < 0.08)
        #expect(network.parameters.values.suffix(64).allSatisfy { $0 == 0 })
    }
}
