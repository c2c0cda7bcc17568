// SPDX-License-Identifier: Apache-2.0
//
// Goal: every operator that the importers take goes the whole way: PyTorch's file, passes, integers,
// block, C library and reference.
// Method: the nets of Tests/Fixtures/ONNX (residual sums, branches, transposes, padding, poolings,
// 1-D and 2-D), with ranges from random inputs. C and reference must agree in every byte. Against
// the float network the error over many inputs must stay small: each of at most eight layers rounds
// to a range in 255 steps, error step/sqrt(12) where the signal's RMS is a sixth of the range or more,
// so sqrt(8) * 6 / (255 * sqrt(12)) = 2 % for the roundings of activations, the same again for those of
// weights, and saturation of the loudest quarter; 20 % holds them all. A wrong layout, order or
// padding gives an error as large as the signal.

import Foundation
import KWSCompile
import KWSEvaluate
import KWSGraph
import KWSModelFile
import KWSNumerics
import KWSPasses
import Testing

struct WholeWayTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/ONNX")

    static let files: [String] = {
        let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (all ?? []).filter { $0.hasSuffix(".onnx") }.sorted()
    }()

    @Test func thereAreFixtures() {
        #expect(Self.files.count >= 16)
    }

    @Test(arguments: files)
    func everyFixtureRunsInTheLibrary(file: String) throws {
        let loaded = try ModelFile.load(path: Self.folder.appendingPathComponent(file).path)
        var random = SplitMix64(seed: 7)
        let count = loaded.graph.shape(of: loaded.graph.input).elements
        let inputs = (0..<60).map { _ in
            (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
        }
        let compilation = try Compilation(loaded, features: inputs)
        let bytes = compilation.block.bytes
        let library = try LoadedBlock(bytes, name: file)
        let reference = try ReferenceBlock(bytes, name: file)
        var float = FloatEvaluator(loaded.graph)
        let y = compilation.model.graph.output.quantisation
        var (error, power) = (0.0, 0.0)
        for input in inputs {
            let features = input.map { compilation.input.quantisation.quantise(Double($0)) }
            let scores = try library.withSpotter { spotter throws(EvaluationError) in
                Result { try spotter.scores(of: features) }
            }.get()
            let expected = try reference.withSpotter { spotter throws(EvaluationError) in
                Result { try spotter.scores(of: features) }
            }.get()
            #expect(scores == expected)
            for (q, x) in zip(scores, float(input)) {
                error += pow(y.real(q) - Double(x), 2)
                power += pow(Double(x), 2)
            }
        }
        #expect(error < 0.04 * power, "\(file): \((error / power).squareRoot())")
    }

    /// With few bits the error is what it is; the bytes must still agree, layer by layer.
    @Test(arguments: files, [(4, 8), (3, 8), (2, 8), (8, 4), (8, 2), (3, 4)])
    func narrowNumbersRunInTheLibrary(file: String, bits: (weights: Int, activations: Int)) throws {
        let loaded = try ModelFile.load(path: Self.folder.appendingPathComponent(file).path)
        var random = SplitMix64(seed: 8)
        let count = loaded.graph.shape(of: loaded.graph.input).elements
        let inputs = (0..<5).map { _ in
            (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
        }
        let widths = Widths(weights: bits.weights, activations: bits.activations)
        let compilation = try Compilation(loaded, features: inputs, options: .init(widths: widths))
        for layer in compilation.model.graph.layers where !layer.operation.weights.isEmpty {
            let limit = 1 << (bits.weights - 1)
            #expect(layer.weightBits == bits.weights)
            #expect(layer.operation.weights.allSatisfy { -limit <= Int($0) && Int($0) < limit })
        }
        for input in inputs {
            try expectSameBytes(
                compilation.block, compilation.model.graph,
                input.map { compilation.input.quantisation.quantise(Double($0)) },
                "\(file), \(bits)")
        }
    }

    /// Layers may differ; names that are none of the graph's layers change nothing.
    @Test func widthsGoByLayer() throws {
        let file = try #require(Self.files.first)
        let loaded = try ModelFile.load(path: Self.folder.appendingPathComponent(file).path)
        let count = loaded.graph.shape(of: loaded.graph.input).elements
        let inputs = [(0..<count).map { Float($0 % 7) / 7 }]
        let plain = try Compilation(loaded, features: inputs)
        let names = plain.model.graph.layers.filter { !$0.operation.weights.isEmpty }.map(\.name)
        let chosen = try #require(names.first)
        let mixed = try Compilation(
            loaded, features: inputs,
            options: .init(widths: Widths(layers: [chosen: 3, "nobody": 2])))
        for layer in mixed.model.graph.layers {
            #expect(layer.weightBits == (layer.name == chosen ? 3 : 8))
        }
        #expect(mixed.block.tableBytes < plain.block.tableBytes)
    }
}
