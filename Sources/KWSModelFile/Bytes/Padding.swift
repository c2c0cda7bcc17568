// SPDX-License-Identifier: Apache-2.0

/// How a file states the zeros around an axis of an image.
enum Padding: Hashable, Sendable {
    case valid
    /// As many zeros as give `ceil(extent / stride)` outputs; the odd one behind (TensorFlow).
    case same
    /// The same with the odd zero in front (ONNX `SAME_LOWER`).
    case sameLower
    case explicit(before: Int, after: Int)

    /// Zeros in front of and behind an axis.
    ///
    /// - Requires: `stride > 0`.
    func zeros(extent: Int, kernel: Int, stride: Int) -> (before: Int, after: Int) {
        let outputs = (extent + stride - 1) / stride
        let total = max(0, (outputs - 1) * stride + kernel - extent)
        return switch self {
        case .valid: (0, 0)
        case .same: (total / 2, total - total / 2)
        case .sameLower: (total - total / 2, total / 2)
        case .explicit(let before, let after): (before, after)
        }
    }
}
