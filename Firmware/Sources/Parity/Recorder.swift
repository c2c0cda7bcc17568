// SPDX-License-Identifier: Apache-2.0

import CKWS
import KWSNumerics
import Semihosting

/// Everything that a record holds of one clip and one implementation.
///
/// Tensor 0 is the network's input, tensor `i + 1` the output of layer `i`. An inference is over
/// when the last layer's output is complete; the first row after that belongs to the next one. Rows
/// that are kept from one inference to the next show in what follows, and are not recorded.
struct Recorder {
    static let mostEvents = 256

    let tensors: UnsafeMutableBufferPointer<SeenTensor>
    let scores: UnsafeMutableBufferPointer<UInt8>
    let events: UnsafeMutableBufferPointer<kws_event>
    private let streamedLayers: Int
    private(set) var eventCount = 0
    private(set) var inferences: UInt32 = 0
    /// Of the scores of all inferences, one behind the other.
    private(set) var allScores = PositionChecksum()
    private var isComplete = false
    var accepted: UInt32 = 0

    /// Makes room for the tensors of a checked block; nil if the pool is too small.
    ///
    /// - Requires: `kws_model_check` accepted the block.
    init?(block: UnsafeRawPointer, keepsValues: Bool, pool: inout Pool) {
        let head = block.load(as: kws_block_header.self)
        let shapes = block.advanced(by: Int(head.tensors_offset))
            .assumingMemoryBound(to: kws_tensor.self)
        let layers = block.advanced(by: Int(head.layers_offset))
            .assumingMemoryBound(to: kws_layer.self)
        let count = Int(head.layer_count) + 1
        streamedLayers = Int(head.streamed_layers)
        guard let tensors = pool.take(SeenTensor.self, count: count),
            let events = pool.take(kws_event.self, count: Recorder.mostEvents)
        else { return nil }
        for i in 0..<count {
            let shape = shapes[i == 0 ? 0 : Int(layers[i - 1].output)]
            let pixel = (Int(shape.channels) * Int(shape.bits) + 7) / 8
            let bytes = Int(shape.height) * Int(shape.width) * pixel
            var values: UnsafeMutableBufferPointer<UInt8>?
            if keepsValues {
                guard let room = pool.take(UInt8.self, count: bytes) else { return nil }
                values = room
            }
            tensors[i] = SeenTensor(bytes: UInt32(bytes), values: values)
        }
        guard let scores = pool.take(UInt8.self, count: Int(tensors[count - 1].bytes)) else {
            return nil
        }
        self.tensors = tensors
        self.scores = scores
        self.events = events
    }

    /// Starts a clip.
    mutating func clear() {
        for i in tensors.indices { tensors[i].forget() }
        scores.update(repeating: 0)
        eventCount = 0
        inferences = 0
        allScores = PositionChecksum()
        isComplete = false
        accepted = 0
    }

    /// Takes a row; `layer` as `kws_row_observer` gives it.
    mutating func add(layer: UInt32, first: UInt32, _ row: UnsafeBufferPointer<UInt8>) {
        let index = layer == KWS_OBSERVE_FEATURES ? 0 : Int(layer) + 1
        guard streamedLayers == 0 || index > streamedLayers else { return }
        if isComplete {
            for i in tensors.indices { tensors[i].forget() }
            isComplete = false
        }
        guard index < tensors.count else { return }
        tensors[index].add(first: first, row)
        guard index == tensors.count - 1 else { return }
        allScores.add(firstPosition: inferences &* tensors[index].bytes &+ first, values: row)
        for i in row.indices where Int(first) + i < scores.count {
            scores[Int(first) + i] = row[i]
        }
        if tensors[index].seen == tensors[index].bytes {
            isComplete = true
            inferences += 1
        }
    }

    mutating func add(_ event: kws_event) {
        guard eventCount < events.count else { return }
        events[eventCount] = event
        eventCount += 1
    }
}
