// SPDX-License-Identifier: Apache-2.0

import CKWS
import KWSNumerics
import Semihosting

/// Runs clips through the C library, by its C interface.
struct LibraryRunner {
    private let instance: OpaquePointer
    private let recorder: UnsafeMutablePointer<Recorder>
    private let scores: UnsafeMutableBufferPointer<Int8>

    /// Makes an instance in the pool; nil if the pool is too small or the library refuses.
    init?(
        model: UnsafePointer<kws_model>, recorder: UnsafeMutablePointer<Recorder>,
        pool: inout Pool
    ) {
        let bytes = kws_required_size(model)
        guard bytes > 0, let memory = pool.take(bytes: bytes) else { return nil }
        var out: OpaquePointer?
        guard kws_init(&out, model, memory.baseAddress, memory.count) == KWS_OK, let out,
            let scores = pool.take(Int8.self, count: Int(kws_class_count(out)))
        else { return nil }
        instance = out
        self.scores = scores
        self.recorder = recorder
        kws_observe(instance, LibraryRunner.observe, recorder)
    }

    /// Pushes a clip chunk by chunk, polls until idle after each, and returns the first error.
    ///
    /// - Parameter continues: the stream of the clip before goes on.
    func run(
        samples: UnsafeBufferPointer<Int16>, _ sizes: ChunkSizes, continues: Bool
    ) -> Int32 {
        if !continues { kws_reset(instance) }
        var sizes = sizes
        var next = 0
        while next < samples.count {
            let part = UnsafeBufferPointer(
                rebasing: samples[next..<min(samples.count, next + sizes.next())])
            let taken = kws_push(instance, part.baseAddress, part.count)
            next += taken
            recorder.pointee.accepted += UInt32(taken)
            let status = drain()
            if status != KWS_OK { return status.rawValue }
            // A ring that takes nothing after a drain never will.
            if taken == 0 { break }
        }
        return KWS_OK.rawValue
    }

    /// Runs the network once on features.
    func run(features: UnsafeBufferPointer<Int8>) -> Int32 {
        guard features.count == Int(kws_feature_count(instance)) else {
            return KWS_ERROR_ARGUMENT.rawValue
        }
        return kws_infer(instance, features.baseAddress, scores.baseAddress).rawValue
    }

    private func drain() -> kws_status {
        while true {
            var event = kws_event()
            let status = kws_poll(instance, &event)
            if status == KWS_EVENT { recorder.pointee.add(event) }
            if status.rawValue <= KWS_IDLE.rawValue { return status }
        }
    }

    private static let observe: kws_row_observer = { context, layer, row, values, count in
        guard let context, let values else { return }
        context.assumingMemoryBound(to: Recorder.self).pointee.add(
            layer: layer, first: row &* count,
            UnsafeBufferPointer(start: values, count: Int(count)))
    }
}
