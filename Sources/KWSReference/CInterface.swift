// SPDX-License-Identifier: Apache-2.0
// swift-format-ignore-file: AlwaysUseLowerCamelCase

// The reference's C ABI: the functions of kws.h by the prefix kwsref_, for models given as blocks.
// Statuses have the numbers of kws_status; events are written in the layout of kws_event.

/// size_t kwsref_required_size(const void *block, size_t block_bytes); 0 if the block is refused.
@c public func kwsref_required_size(_ block: UnsafeRawPointer?, _ blockBytes: Int) -> Int {
    do {
        return try ReferenceSpotter.requiredSize(
            of: UnsafeRawBufferPointer(start: block, count: block == nil ? 0 : blockBytes))
    } catch {
        return 0
    }
}

/// kws_status kwsref_init(void **out, const void *block, size_t block_bytes, void *memory,
/// size_t size);
@c public func kwsref_init(
    _ out: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ block: UnsafeRawPointer?,
    _ blockBytes: Int, _ memory: UnsafeMutableRawPointer?, _ size: Int
) -> Int32 {
    guard let out, let block, let memory else { return ReferenceStatus.null.rawValue }
    guard blockBytes >= 0, size >= 0 else { return ReferenceStatus.argument.rawValue }
    do {
        let spotter = try ReferenceSpotter(
            block: UnsafeRawBufferPointer(start: block, count: blockBytes),
            memory: UnsafeMutableRawBufferPointer(start: memory, count: size))
        out.pointee = UnsafeMutableRawPointer(spotter.state)
        return 0
    } catch {
        return error.status.rawValue
    }
}

/// size_t kwsref_push(void *k, const int16_t *pcm, size_t count);
@c public func kwsref_push(
    _ k: UnsafeMutableRawPointer, _ pcm: UnsafePointer<Int16>?, _ count: Int
) -> Int {
    guard let pcm, count > 0 else { return 0 }
    var spotter = ReferenceSpotter(k)
    return spotter.push(UnsafeBufferPointer(start: pcm, count: count))
}

/// kws_status kwsref_poll(void *k, kws_event *event); event may be NULL.
@c public func kwsref_poll(
    _ k: UnsafeMutableRawPointer, _ event: UnsafeMutableRawPointer?
) -> Int32 {
    var spotter = ReferenceSpotter(k)
    do {
        switch try spotter.poll() {
        case .idle: return 0
        case .again: return 1
        case .event(let heard):
            event?.storeBytes(of: heard.startSample, as: UInt32.self)
            event?.storeBytes(of: heard.endSample, toByteOffset: 4, as: UInt32.self)
            event?.storeBytes(of: UInt16(heard.keyword), toByteOffset: 8, as: UInt16.self)
            event?.storeBytes(of: heard.score, toByteOffset: 10, as: UInt16.self)
            return 2
        }
    } catch {
        return error.status.rawValue
    }
}

/// kws_status kwsref_infer(void *k, const int8_t *features, int8_t *scores);
@c public func kwsref_infer(
    _ k: UnsafeMutableRawPointer, _ features: UnsafePointer<Int8>?,
    _ scores: UnsafeMutablePointer<Int8>?
) -> Int32 {
    guard let features, let scores else { return ReferenceStatus.null.rawValue }
    var spotter = ReferenceSpotter(k)
    do {
        try spotter.infer(
            features: UnsafeBufferPointer(start: features, count: spotter.featureCount),
            scores: UnsafeMutableBufferPointer(start: scores, count: spotter.classCount))
        return 0
    } catch {
        return error.status.rawValue
    }
}

/// void kwsref_reset(void *k);
@c public func kwsref_reset(_ k: UnsafeMutableRawPointer) {
    var spotter = ReferenceSpotter(k)
    spotter.reset()
}

/// kws_status kwsref_set_threshold(void *k, uint32_t keyword, uint16_t threshold);
@c public func kwsref_set_threshold(
    _ k: UnsafeMutableRawPointer, _ keyword: UInt32, _ threshold: UInt16
) -> Int32 {
    var spotter = ReferenceSpotter(k)
    do {
        try spotter.setThreshold(threshold, of: Int(truncatingIfNeeded: keyword))
        return 0
    } catch {
        return error.status.rawValue
    }
}

/// kws_status kwsref_get_threshold(const void *k, uint32_t keyword, uint16_t *threshold);
@c public func kwsref_get_threshold(
    _ k: UnsafeMutableRawPointer, _ keyword: UInt32, _ threshold: UnsafeMutablePointer<UInt16>?
) -> Int32 {
    guard let threshold else { return ReferenceStatus.null.rawValue }
    do {
        threshold.pointee = try ReferenceSpotter(k)
            .threshold(of: Int(truncatingIfNeeded: keyword))
        return 0
    } catch {
        return error.status.rawValue
    }
}
