// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

extension Recipe {
    /// Writes a trained network as `X.onnx` with its description, `X.kws.json`, and its numbers as
    /// `X.safetensors`, tensors named `node.role`.
    ///
    /// - Parameters:
    ///   - graph: the recipe's network with other numbers.
    ///   - stem: the path without an ending.
    /// - Returns: the paths of the files.
    package func write(_ graph: FloatGraph, stem: String) throws(ModelFileError) -> [String] {
        var tensors = SafetensorsWriter()
        for node in graph.nodes {
            for (role, numbers) in node.operation.parameters {
                tensors.add("\(node.name).\(role)", shape: [numbers.count], numbers)
            }
        }
        let paths = ["onnx", "kws.json", "safetensors"].map { "\(stem).\($0)" }
        try ONNXWriter.write(graph, to: paths[0])
        try WholeFile.write(Array(descriptionText.utf8), to: paths[1])
        try tensors.write(to: paths[2])
        return paths
    }
}
