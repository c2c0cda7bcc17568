// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// TFLite bytes to a channels-last graph.
enum TFLiteImporter {
    static func graph(
        _ source: FileBytes, name: String, notes: inout [String]
    ) throws(ModelFileError) -> FloatGraph {
        throw ModelFileError(.unsupported, file: source.name, place: "", found: "TFLite")
    }
}
