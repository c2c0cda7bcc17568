// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// ONNX bytes to a channels-last graph.
enum ONNXImporter {
    static func graph(
        _ source: FileBytes, name: String, notes: inout [String]
    ) throws(ModelFileError) -> FloatGraph {
        throw ModelFileError(.unsupported, file: source.name, place: "", found: "ONNX")
    }
}
