// SPDX-License-Identifier: Apache-2.0

internal import KWSFrontEnd
internal import KWSGraph
internal import KWSNumerics

/// A model in the layout of kws_model.h: the bytes, and what each part of them is.
package struct ModelBlock: Sendable {
    /// A run of bytes with the comment that the C table carries.
    package struct Section: Sendable {
        package var comment: String
        package var offset: Int
        package var bytes: [UInt8]
        /// Counted as `table_bytes`: weights and per-channel data.
        package var isTable: Bool
        /// The index of the layer that reads it; nil for what belongs to none.
        package var layer: Int?
    }

    package static let format: UInt16 = 18
    package static let headerBytes = 68
    static let tensorBytes = 16
    static let layerBytes = 48
    static let frontEndBytes = 68
    static let detectorBytes = 32

    package private(set) var sections: [Section]
    /// The dispatch array.
    package let kernels: [KernelID]
    package private(set) var crc32: UInt32

    /// The whole block, a multiple of 4 bytes.
    package var bytes: [UInt8] {
        var result: [UInt8] = []
        for section in sections {
            result += Array(repeating: 0, count: section.offset - result.count) + section.bytes
        }
        while result.count % 4 != 0 { result.append(0) }
        return result
    }

    package var tableBytes: Int {
        sections.reduce(0) { $1.isTable ? $0 + $1.bytes.count : $0 }
    }

    package init(_ model: CompiledModel) {
        var used = Set(model.graph.layers.map { KernelID($0) })
        if let frontEnd = model.frontEnd { used.insert(.features(frontEnd.features.rawValue)) }
        if let detection = model.detection {
            if detection.energy > 0 { used.insert(.detection(.energy)) }
            if !detection.phrases.isEmpty { used.insert(.detection(.phrases)) }
        }
        kernels = used.sorted { $0.number < $1.number }
        var builder = BlockBuilder(model, kernels: kernels)
        sections = builder.build()

        crc32 = 0
        var whole = bytes
        let checksum = whole[16...].withUnsafeBytes { CRC32.of($0) }
        whole.replaceSubrange(12..<16, with: [UInt8](little: [checksum]))
        sections[0].bytes = Array(whole[..<ModelBlock.headerBytes])
        crc32 = checksum
    }
}
