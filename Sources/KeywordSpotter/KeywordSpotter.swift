// SPDX-License-Identifier: Apache-2.0

public import CKWS

/// One instance of libkws in memory that the caller owns; it allocates nothing and frees nothing.
///
/// The memory and the model must stay where they are for as long as the value lives. As in C, one
/// `push` may run beside one caller of anything else (see `kws.h`); `handle` is for that.
public struct KeywordSpotter: ~Copyable {
    /// The instance as C sees it.
    public let handle: OpaquePointer

    /// Verifies the model and makes an instance of it.
    ///
    /// - Parameter memory: at least `requiredSize(of: model)` bytes, aligned to `KWS_ALIGNMENT`.
    /// - Throws: the library's reason; the memory is then free again.
    public init(
        model: UnsafePointer<kws_model>, memory: UnsafeMutableRawBufferPointer
    ) throws(SpotterError) {
        var out: OpaquePointer?
        try SpotterError.check(kws_init(&out, model, memory.baseAddress, memory.count))
        guard let out else { throw .unknown }
        handle = out
    }

    /// Bytes of memory that an instance of the model needs; 0 if the model is not valid.
    public static func requiredSize(of model: UnsafePointer<kws_model>) -> Int {
        kws_required_size(model)
    }

    /// Copies samples (mono, `sampleRate` Hz) into the instance and computes nothing.
    ///
    /// - Returns: how many samples were taken; the rest did not fit and is counted as overrun.
    public mutating func push(_ samples: UnsafeBufferPointer<Int16>) -> Int {
        kws_push(handle, samples.baseAddress, samples.count)
    }

    /// Does at most one hop of work.
    public mutating func poll() throws(SpotterError) -> SpotterStep {
        var event = kws_event()
        let status = kws_poll(handle, &event)
        try SpotterError.check(status)
        switch status.rawValue {
        case KWS_EVENT.rawValue:
            return .event(
                SpotterEvent(
                    startSample: event.start_sample, endSample: event.end_sample,
                    keyword: Int(event.keyword), score: event.score))
        case KWS_AGAIN.rawValue: return .again
        default: return .idle
        }
    }

    /// Runs the network once on features in the model's input format, beside any stream of a model that
    /// keeps neither rows nor states; see `kws_infer`.
    ///
    /// - Parameters:
    ///   - features: int8 `[featureCount]`, `q - 128`.
    ///   - scores: receives int8 `[classCount]`, `q - 128`.
    public mutating func infer(
        features: UnsafeBufferPointer<Int8>, scores: UnsafeMutableBufferPointer<Int8>
    ) throws(SpotterError) {
        guard features.count == featureCount, scores.count == classCount else { throw .argument }
        try SpotterError.check(kws_infer(handle, features.baseAddress, scores.baseAddress))
    }

    /// Takes the next row of features of a model that keeps rows; see `kws_infer_row`.
    ///
    /// - Parameters:
    ///   - row: int8 `[featureCount / rowCount]`.
    ///   - scores: receives int8 `[classCount]` if the row completes a decision's window.
    /// - Returns: whether it does.
    public mutating func infer(
        row: UnsafeBufferPointer<Int8>, scores: UnsafeMutableBufferPointer<Int8>
    ) throws(SpotterError) -> Bool {
        guard rowCount > 0 else { throw .window }
        guard row.count == featureCount / rowCount, scores.count == classCount else {
            throw .argument
        }
        let status = kws_infer_row(handle, row.baseAddress, scores.baseAddress)
        try SpotterError.check(status)
        return status == KWS_EVENT
    }

    /// Forgets all audio, scores and lock-outs; keeps thresholds and observer.
    public mutating func reset() {
        kws_reset(handle)
    }

    /// Calls `observer` with every finished row of every layer's output; nil turns it off.
    public mutating func observe(
        _ observer: kws_row_observer?, context: UnsafeMutableRawPointer?
    ) {
        kws_observe(handle, observer, context)
    }

    /// The threshold of a keyword in units of 1/65536.
    public func threshold(of keyword: Int) throws(SpotterError) -> UInt16 {
        guard let number = UInt32(exactly: keyword) else { throw .argument }
        var threshold: UInt16 = 0
        try SpotterError.check(kws_get_threshold(handle, number, &threshold))
        return threshold
    }

    /// Sets the threshold of a keyword in units of 1/65536; 65535 never fires.
    public mutating func setThreshold(
        _ threshold: UInt16, of keyword: Int
    ) throws(SpotterError) {
        guard let number = UInt32(exactly: keyword) else { throw .argument }
        try SpotterError.check(kws_set_threshold(handle, number, threshold))
    }
}
