// SPDX-License-Identifier: Apache-2.0
// swift-format-ignore-file: AlwaysUseLowerCamelCase

// What is in the block and in the instance, for C.

/// const uint8_t *kwsref_layer_output(const void *k, uint32_t layer, uint32_t *count); the output of
/// the last inference, NULL if there is no such layer.
@c public func kwsref_layer_output(
    _ k: UnsafeMutableRawPointer, _ layer: UInt32, _ count: UnsafeMutablePointer<UInt32>?
) -> UnsafePointer<UInt8>? {
    let spotter = ReferenceSpotter(k)
    guard layer < UInt32(spotter.layerCount) else { return nil }
    let output = spotter.layerOutput(Int(layer))
    count?.pointee = UInt32(output.count)
    return output.baseAddress
}

/// const uint8_t *kwsref_features(const void *k, uint32_t *count); the network's input at the last
/// inference.
@c public func kwsref_features(
    _ k: UnsafeMutableRawPointer, _ count: UnsafeMutablePointer<UInt32>?
) -> UnsafePointer<UInt8>? {
    let features = ReferenceSpotter(k).features
    count?.pointee = UInt32(features.count)
    return features.baseAddress
}

/// uint32_t kwsref_layer_count(const void *k);
@c public func kwsref_layer_count(_ k: UnsafeMutableRawPointer) -> UInt32 {
    UInt32(ReferenceSpotter(k).layerCount)
}

/// uint32_t kwsref_feature_count(const void *k);
@c public func kwsref_feature_count(_ k: UnsafeMutableRawPointer) -> UInt32 {
    UInt32(ReferenceSpotter(k).featureCount)
}

/// uint32_t kwsref_class_count(const void *k);
@c public func kwsref_class_count(_ k: UnsafeMutableRawPointer) -> UInt32 {
    UInt32(ReferenceSpotter(k).classCount)
}

/// uint32_t kwsref_keyword_count(const void *k);
@c public func kwsref_keyword_count(_ k: UnsafeMutableRawPointer) -> UInt32 {
    UInt32(ReferenceSpotter(k).keywordCount)
}

/// uint32_t kwsref_sample_rate(const void *k); Hz, 0 without a front end.
@c public func kwsref_sample_rate(_ k: UnsafeMutableRawPointer) -> UInt32 {
    UInt32(ReferenceSpotter(k).sampleRate)
}

/// uint32_t kwsref_hop_samples(const void *k);
@c public func kwsref_hop_samples(_ k: UnsafeMutableRawPointer) -> UInt32 {
    UInt32(ReferenceSpotter(k).hopSamples)
}

/// uint32_t kwsref_window_samples(const void *k);
@c public func kwsref_window_samples(_ k: UnsafeMutableRawPointer) -> UInt32 {
    UInt32(truncatingIfNeeded: ReferenceSpotter(k).windowSamples)
}

/// uint32_t kwsref_overruns(const void *k);
@c public func kwsref_overruns(_ k: UnsafeMutableRawPointer) -> UInt32 {
    ReferenceSpotter(k).overruns
}

/// const char *kwsref_model_name(const void *k);
@c public func kwsref_model_name(_ k: UnsafeMutableRawPointer) -> UnsafePointer<CChar> {
    ReferenceSpotter(k).nameBytes
}

/// const char *kwsref_label(const void *k, uint32_t keyword); NULL if out of range.
@c public func kwsref_label(
    _ k: UnsafeMutableRawPointer, _ keyword: UInt32
) -> UnsafePointer<CChar>? {
    ReferenceSpotter(k).labelBytes(of: Int(truncatingIfNeeded: keyword))
}

/// const char *kwsref_class_label(const void *k, uint32_t class_index); NULL if out of range.
@c public func kwsref_class_label(
    _ k: UnsafeMutableRawPointer, _ index: UInt32
) -> UnsafePointer<CChar>? {
    ReferenceSpotter(k).classLabelBytes(of: Int(truncatingIfNeeded: index))
}
