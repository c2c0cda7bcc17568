// SPDX-License-Identifier: Apache-2.0

internal import CKWS
package import KeywordSpotter

/// Collects what an instance computes, layer by layer, through its row observer.
///
/// A class because C holds its address while the instance runs.
package final class RowRecorder {
    /// The outputs by layer number, as they are stored; `KWS_OBSERVE_FEATURES` is the network's input.
    package private(set) var outputs: [Int: [UInt8]] = [:]
    /// How often the last layer's last row came: inferences finished.
    package private(set) var inferences = 0
    private let block: LoadedBlock
    private let lastLayer: Int
    private let onlyLast: Bool
    /// Of what keeps rows, by layer number: the rows that the next decision has anew.
    private let newRows: [Int: Int]
    private var isComplete = false

    /// - Parameter onlyScores: keeps nothing but the last layer's output.
    package init(_ block: LoadedBlock, onlyScores: Bool = false) {
        self.block = block
        lastLayer = Int(block.header.layer_count) - 1
        onlyLast = onlyScores
        newRows = block.newRows
    }

    /// The last layer's output.
    package var scores: [UInt8] { outputs[lastLayer] ?? [] }

    /// The network's input, then every layer's output.
    package var tensors: [[UInt8]] {
        ([Int(KWS_OBSERVE_FEATURES)] + Array(0...lastLayer)).map { outputs[$0] ?? [] }
    }

    /// Attaches to an instance.
    ///
    /// - Requires: the recorder outlives the instance or is detached by `observe(nil, ...)`.
    package func attach(to spotter: inout KeywordSpotter) {
        spotter.observe(
            { context, layer, row, values, count in
                guard let context, let values else { return }
                Unmanaged<RowRecorder>.fromOpaque(context).takeUnretainedValue().record(
                    layer: Int(layer), row: Int(row),
                    UnsafeBufferPointer(start: values, count: Int(count)))
            }, context: Unmanaged.passUnretained(self).toOpaque())
    }

    private func record(layer: Int, row: Int, _ values: UnsafeBufferPointer<UInt8>) {
        if onlyLast && layer != lastLayer { return }
        if isComplete { moveWindow() }
        if outputs[layer] == nil {
            let tensor = block.output(ofLayer: layer)
            let pixel = (Int(tensor.channels) * Int(tensor.bits) + 7) / 8
            let bytes = Int(tensor.height) * Int(tensor.width) * pixel
            outputs[layer] = [UInt8](repeating: 0, count: bytes)
        }
        let start = row * values.count
        precondition(start + values.count <= outputs[layer, default: []].count, "row out of range")
        outputs[layer]?.replaceSubrange(start..<start + values.count, with: values)
        if layer == lastLayer && start + values.count == outputs[layer]?.count {
            inferences += 1
            isComplete = true
        }
    }

    /// What is kept goes up by the rows that the next window has anew.
    private func moveWindow() {
        for (layer, rows) in newRows {
            guard let values = outputs[layer] else { continue }
            let moved = rows * (values.count / Int(block.output(ofLayer: layer).height))
            outputs[layer] = values[moved...] + Array(repeating: 0, count: moved)
        }
        isComplete = false
    }
}
