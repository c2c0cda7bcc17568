// SPDX-License-Identifier: Apache-2.0
//
// Goal: the network's input gets a range that speech fills, whatever digital silence does, and its
// rounding is what the front end computes; a fine plane is there only where weights can read it.
// Method: features with a few far outliers; every pair of bytes of a fine plane is turned back; a layer
// is compiled at every width.

import KWSCompile
import KWSGraph
import KWSModelFile
import KWSPasses
import Testing

struct InputRangeTests {
    @Test func outliersDoNotStretchTheRange() {
        let speech = (0..<10_000).map { Float($0 % 101) - 50 }
        let silence = Array(repeating: Float(-247), count: 20)
        let input = InputQuantisation(features: [speech, silence], hasFinePlane: false)
        // 0.5 % quantile -50, half as far again: -75 ... 50 (the extreme), in 255 steps.
        #expect(abs(input.quantisation.scale - 125.0 / 255) < 1e-9)
        #expect(input.rounded(-247) > -76)
    }

    @Test func aFinePlaneIsSymmetricAndSixteenTimesFiner() {
        let input = InputQuantisation(
            features: [(0..<1000).map { Float($0 % 101) - 50 }], hasFinePlane: true)
        #expect(input.quantisation.zeroPoint == 128)
        let step = Float(input.quantisation.scale / 16)
        for x in stride(from: Float(-50), through: 50, by: 0.37) {
            #expect(abs(input.rounded(x) - x) <= step * 0.5001)
        }
    }

    @Test func roundingIsWhatTheBytesSay() {
        let input = InputQuantisation(Quantisation(scale: 0.5, zeroPoint: 128), hasFinePlane: true)
        for coarse in UInt8.min...UInt8.max {
            for fine in [UInt8(120), 127, 128, 131, 135] {
                let real = input.real([coarse, fine])
                #expect(real == [0.5 * (Float(coarse) - 128 + (Float(fine) - 128) / 16)])
                #expect(input.rounded(real[0]) == real[0])
            }
        }
    }

    @Test func featuresThatNeverChangeAreNoCrash() {
        let input = InputQuantisation(features: [[3, 3, 3]], hasFinePlane: false)
        #expect(input.quantisation.scale > 0)
        #expect(InputQuantisation(features: [], hasFinePlane: true).quantisation.scale > 0)
    }

    @Test(arguments: [(8, 2), (4, 1), (3, 1), (2, 1)])
    func narrowWeightsReadNoFinePlane(bits: Int, planes: Int) throws {
        var graph = FloatGraph(name: "net", inputName: "x", inputShape: [4])
        try graph.append(
            .dense(weights: (0..<8).map { Float($0) - 5 }, bias: [0, 1]), name: "fc",
            inputs: [graph.input])
        let loaded = LoadedModel(
            graph: graph,
            description: ModelDescription(
                name: "net", labels: ["a", "b"], keywords: [], hasFineInput: true),
            sourceHash: 0, notes: [])
        let features: [[Float]] = [[0.1, 0.2, -0.7, 0.9], [0.5, -0.5, 0.3, 0]]
        let compilation = try Compilation(
            loaded, features: features, options: .init(widths: Widths(weights: bits)))
        #expect(compilation.model.graph.input.elements == 4 * planes)
        // By its own width, whatever other layers have.
        let single = try Compilation(
            loaded, features: features,
            options: .init(widths: Widths(weights: bits == 8 ? 4 : 8, layers: ["fc": bits])))
        #expect(single.model.graph.input.elements == 4 * planes)
    }
}
