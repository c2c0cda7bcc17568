// SPDX-License-Identifier: Apache-2.0

import CKWS
import KWSNumerics
import KWSReference
import Semihosting

/// Runs clips through the Swift reference, compiled for this core.
struct ReferenceRunner: ~Copyable {
    private var spotter: ReferenceSpotter
    private let layers: UnsafePointer<kws_layer>
    private let recorder: UnsafeMutablePointer<Recorder>
    private let scores: UnsafeMutableBufferPointer<Int8>

    /// Makes an instance in the pool.
    ///
    /// - Throws: the status that the record of every clip gets.
    init(
        block: UnsafeRawBufferPointer, recorder: UnsafeMutablePointer<Recorder>,
        pool: inout Pool
    ) throws(ReferenceError) {
        let bytes = try ReferenceSpotter.requiredSize(of: block)
        let empty = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        spotter = try ReferenceSpotter(block: block, memory: pool.take(bytes: bytes) ?? empty)
        let head = block.load(as: kws_block_header.self)
        layers = UnsafeRawPointer(block.baseAddress.unsafelyUnwrapped)
            .advanced(by: Int(head.layers_offset)).assumingMemoryBound(to: kws_layer.self)
        self.recorder = recorder
        // Written as int8 by an inference, and then from the last layer's output.
        scores = UnsafeMutableBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(recorder.pointee.scores)
                .bindMemory(to: Int8.self)[..<Int(head.label_count)])
    }

    /// Pushes a clip chunk by chunk, polls until idle after each, and returns the first error.
    ///
    /// - Parameter continues: the stream of the clip before goes on.
    mutating func run(
        samples: UnsafeBufferPointer<Int16>, _ sizes: ChunkSizes, continues: Bool
    ) -> Int32 {
        if !continues { spotter.reset() }
        var sizes = sizes
        var next = 0
        do throws(ReferenceError) {
            while next < samples.count {
                let taken = spotter.push(
                    UnsafeBufferPointer(
                        rebasing: samples[next..<min(samples.count, next + sizes.next())]))
                next += taken
                recorder.pointee.accepted += UInt32(taken)
                try drain()
                if taken == 0 { break }
            }
        } catch {
            return error.status.rawValue
        }
        return KWS_OK.rawValue
    }

    /// Runs the network once on features.
    mutating func run(features: UnsafeBufferPointer<Int8>) -> Int32 {
        do throws(ReferenceError) {
            try spotter.infer(features: features, scores: scores)
        } catch {
            return error.status.rawValue
        }
        record()
        return KWS_OK.rawValue
    }

    private mutating func drain() throws(ReferenceError) {
        while true {
            let decisions = spotter.decisions
            let step = try spotter.poll()
            if spotter.decisions > decisions { record() }
            switch step {
            case .idle: return
            case .again: continue
            case .event(let event):
                recorder.pointee.add(
                    kws_event(
                        start_sample: event.startSample, end_sample: event.endSample,
                        keyword: UInt16(event.keyword), score: event.score))
            }
        }
    }

    /// Records all tensors of the last inference; of layers that share an output the last one.
    private func record() {
        recorder.pointee.add(
            layer: UInt32(KWS_OBSERVE_FEATURES), first: 0, spotter.features)
        for layer in 0..<spotter.layerCount {
            let isShared = (layer + 1..<spotter.layerCount).contains {
                layers[$0].output == layers[layer].output
            }
            if !isShared {
                recorder.pointee.add(layer: UInt32(layer), first: 0, spotter.layerOutput(layer))
            }
        }
    }
}
