// SPDX-License-Identifier: Apache-2.0

import KWSEmit
import KWSEvaluate
import KWSGraph
import Testing

/// Runs a block in library and reference and compares every layer, byte for byte.
func expectSameBytes(
    _ block: ModelBlock, _ graph: QuantGraph, _ features: [UInt8], _ comment: String
) throws {
    let library = try LoadedBlock(block.bytes, name: comment)
    let found = try library.withSpotter { spotter throws(EvaluationError) in
        Result {
            let recorder = RowRecorder(library)
            recorder.attach(to: &spotter)
            _ = try spotter.scores(of: features)
            spotter.observe(nil, context: nil)
            return recorder.tensors
        }
    }.get()
    let expected = try referenceLayers(block, features, comment)
    #expect(found[0] == expected[0])
    for (index, layer) in graph.layers.enumerated() {
        // Of layers that share an output only the last one is seen.
        if graph.layers[(index + 1)...].contains(where: { $0.output == layer.output }) { continue }
        #expect(found[index + 1] == expected[index + 1], "\(comment), \(layer.name)")
    }
}

/// The features and what every layer wrote, by the reference.
func referenceLayers(
    _ block: ModelBlock, _ features: [UInt8], _ comment: String
) throws -> [[UInt8]] {
    try ReferenceBlock(block.bytes, name: comment).withSpotter {
        spotter throws(EvaluationError) in
        Result {
            _ = try spotter.scores(of: features)
            return [Array(spotter.features)]
                + (0..<spotter.layerCount).map { Array(spotter.layerOutput($0)) }
        }
    }.get()
}
