// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension Recipe {
    /// The recipe for rounding a trained model without labels: the model itself is the teacher.
    package static func rounding(
        _ model: LoadedModel, training: [Source], _ quantisation: Quantisation, epochs: Int,
        seed: UInt64 = 1
    ) -> Recipe {
        Recipe(
            file: model.graph.name, model: model, descriptionText: "", isImported: true,
            training: training.map { Source(path: $0.path, split: $0.split, isUnlabelled: true) },
            validation: [], augmentation: Augmentation(shiftMilliseconds: 60), optimiser: .adam,
            rate: 1e-3, schedule: .cosine(warmUpEpochs: 0), weightDecay: 0, labelSmoothing: 0,
            distillation: Distillation(teacher: model.graph, temperature: 2, weight: 1),
            quantisation: quantisation, batch: 100, epochs: epochs, seed: seed)
    }

    /// The recipe for going on from a trained network, with 0.3 of the rate (as Arik et al. 2017 have it
    /// in the end) and other random numbers.
    package func goingOn(from graph: FloatGraph) -> Recipe {
        var recipe = self
        recipe.model.graph = graph
        recipe.isImported = true
        recipe.rate *= 0.3
        recipe.seed &+= 1
        return recipe
    }

    /// Writes a trained network as `X.onnx` with its description, `X.kws.json`, and its numbers as
    /// `X.safetensors`, tensors named `node.role`.
    ///
    /// - Parameters:
    ///   - graph: the recipe's network with other numbers.
    ///   - quantisation: the grids that it was trained on.
    ///   - stem: the path without an ending.
    /// - Returns: the paths of the files.
    package func write(
        _ graph: FloatGraph, quantisation: LearnedQuantisation? = nil, stem: String
    ) throws(ModelFileError) -> [String] {
        var tensors = SafetensorsWriter()
        for node in graph.nodes {
            for (role, numbers) in node.operation.parameters {
                tensors.add("\(node.name).\(role)", shape: [numbers.count], numbers)
            }
        }
        let paths = ["onnx", "kws.json", "safetensors"].map { "\(stem).\($0)" }
        try ONNXWriter.write(graph, to: paths[0])
        try WholeFile.write(Array(descriptionText(quantisation).utf8), to: paths[1])
        try tensors.write(to: paths[2])
        return paths
    }

    private func descriptionText(_ quantisation: LearnedQuantisation?) -> String {
        guard let quantisation, let end = descriptionText.lastIndex(of: "}") else {
            return descriptionText
        }
        let text = quantisation.text(hasFineInput: model.description.hasFineInput)
        return descriptionText[..<end] + ", \"quantisation\": \(text)}\n"
    }
}
