// SPDX-License-Identifier: Apache-2.0

/// The parts of an ONNX file that an import needs, parsed but not yet understood.
struct ONNXModel: Sendable {
    struct ValueInfo: Sendable {
        var name: String
        /// Nil for a symbolic extent.
        var dims: [Int?]
    }

    struct Attribute: Sendable {
        var name: String
        var float: Float?
        var integer: Int?
        var text: String?
        var texts: [String] = []
        var floats: [Double] = []
        var integers: [Int] = []
        var tensor: ONNXConstant?
    }

    struct Node: Sendable {
        var name = ""
        var operation = ""
        var domain = ""
        var inputs: [String] = []
        var outputs: [String] = []
        var attributes: [String: Attribute] = [:]
    }

    /// Version of the default operator set.
    var opset = 0
    var nodes: [Node] = []
    var initializers: [String: ONNXConstant] = [:]
    var inputs: [ValueInfo] = []
    var outputs: [ValueInfo] = []
}

/// A tensor known at import time: weights, or the arithmetic of shapes.
struct ONNXConstant: Sendable {
    var name: String
    var shape: [Int]
    /// As many as `shape`'s product.
    var numbers: [Double]
    /// The two constants of which this is the matrix product, if it is one.
    var factors: [ONNXConstant] = []

    /// The numbers as integers; beyond 2^53 they stand for infinity, as slices use them.
    var integers: [Int] {
        numbers.map { Int(min(max($0.isNaN ? 0 : $0, -0x1p53), 0x1p53)) }
    }
}
