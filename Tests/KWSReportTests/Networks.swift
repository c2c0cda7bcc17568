// SPDX-License-Identifier: Apache-2.0

import Foundation
import KWSCompile
import KWSGraph
import KWSModelFile
import KWSNumerics
import KWSPasses

/// Compiled networks to report on.
enum Networks {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/ONNX")

    static let files: [String] = {
        let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (all ?? []).filter { $0.hasSuffix(".onnx") }.sorted()
    }()

    /// Of a fixture.
    static func compile(
        _ file: String, bits: Int = 8, for variant: KernelVariant = .portable
    ) throws -> Compilation {
        try compile(
            ModelFile.load(path: folder.appendingPathComponent(file).path), bits: bits,
            for: variant)
    }

    static func compile(
        _ loaded: LoadedModel, bits: Int = 8, for variant: KernelVariant = .portable
    ) throws -> Compilation {
        var random = SplitMix64(seed: 3)
        let count = loaded.graph.shape(of: loaded.graph.input).elements
        let inputs = (0..<4).map { _ in
            (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
        }
        return try Compilation(
            loaded, features: inputs,
            options: .init(variant: variant, widths: Widths(weights: bits)))
    }

    /// A dense layer of three outputs with a name, labels and all else as given.
    static func dense(named name: String) throws -> LoadedModel {
        var graph = FloatGraph(name: name, inputName: name, inputShape: [4])
        let sum = try graph.append(
            .dense(weights: (0..<12).map { Float($0) - 5 }, bias: [0, 1, 2]), name: name,
            inputs: [graph.input])
        try graph.append(.softmax, name: name, inputs: [sum])
        return LoadedModel(
            graph: graph,
            description: ModelDescription(name: name, labels: [name, "b", "c"], keywords: []),
            sourceHash: 0x12AB, notes: [name])
    }
}
