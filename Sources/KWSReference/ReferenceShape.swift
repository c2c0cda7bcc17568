// SPDX-License-Identifier: Apache-2.0

/// The extents of an activation: time, frequency, channels.
public struct ReferenceShape: Hashable, Sendable {
    public let height: Int
    public let width: Int
    public let channels: Int

    init(_ tensor: TensorRecord) {
        height = tensor.height
        width = tensor.width
        channels = tensor.channels
    }
}
