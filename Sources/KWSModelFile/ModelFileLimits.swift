// SPDX-License-Identifier: Apache-2.0

/// Bounds that every parser keeps, so that a lying file costs neither memory nor time.
enum ModelFileLimits {
    /// Bytes of one file: a hundred times the largest keyword spotter.
    static let fileBytes = 64 << 20
    static let jsonBytes = 4 << 20
    static let jsonDepth = 32
    static let tensors = 16_384
    static let nodes = 16_384
    /// Bytes of one name in an error message or a graph.
    static let nameBytes = 4096
    static let rank = 8
    /// Numbers of one tensor.
    static let elements = 1 << 25
    /// Numbers of all weights of a graph together, and of all constants folded on the way.
    static let parameters = 1 << 25
    /// Numbers of all activations of a graph together.
    static let activationElements = 1 << 26
    /// Largest kernel extent, stride or padding.
    static let windowExtent = 4096

    /// The product of extents, or nil if one is negative or the product exceeds `elements`.
    static func product(_ extents: [Int]) -> Int? {
        var product = 1
        guard extents.count <= rank else { return nil }
        for extent in extents {
            guard extent >= 0 else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            guard !overflow, next <= elements else { return nil }
            product = next
        }
        return product
    }
}
