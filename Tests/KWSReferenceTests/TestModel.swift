// SPDX-License-Identifier: Apache-2.0

/// A model as tests write it down, and its block by the layout of kws_model.h.
struct TestModel {
    struct Tensor {
        var height: Int
        var width: Int
        var channels: Int
        var zeroPoint = 0

        var elements: Int { height * width * channels }
    }

    struct Layer {
        var kernel: Kernel
        var input: Int
        var input2 = 0xFFFF
        var output: Int
        /// kernel_height, kernel_width, stride_height, stride_width, pad_top, pad_left.
        var geometry = [0, 0, 0, 0, 0, 0]
        var shift = 0
        var weights: [UInt8] = []
        var multipliers: [Int16] = []
        var biases: [Int32] = []
    }

    enum Kernel: Int, CaseIterable {
        case convolution = 1
        case depthwise, dense, maxPool, averagePool, add, place, transpose, softmax, view
        case pointwise
    }

    var tensors: [Tensor]
    var layers: [Layer]
    var frontEnd: TestFrontEnd?
    var detector: TestDetector?

    var features: Int { tensors[0].elements }

    func block() -> TestBlock {
        var writer = BlockWriter()
        var arena = 0
        var places: [Int] = []
        for (index, tensor) in tensors.enumerated() {
            // A view lies where its input lies; all others have a place of their own.
            if let view = layers.first(where: { $0.kernel == .view && $0.output == index }) {
                places.append(places[view.input])
            } else {
                places.append(arena)
                arena += (tensor.elements + 3) & ~3
            }
        }
        let labels = layers.last.map { tensors[$0.output].elements } ?? 0
        writer.words([0x4D53_574B, 1, 0, 0, 0xABCD, arena])
        writer.halves([tensors.count, layers.count, labels, 0])
        let offsets = writer.reserve(6 * 4)

        writer.fill(offsets + 4, writer.end)
        for (tensor, place) in zip(tensors, places) {
            writer.halves([tensor.height, tensor.width, tensor.channels])
            writer.bytes([UInt8(truncatingIfNeeded: tensor.zeroPoint), 8])
            writer.words([place])
        }
        let records = writer.reserve(48 * layers.count)
        writer.fill(offsets + 8, records)
        for (index, layer) in layers.enumerated() {
            writer.layer(layer, at: records + 48 * index)
        }
        writer.fill(offsets, writer.part(Array("test".utf8) + [0]))
        let texts = (0..<labels).map { writer.part(Array("class \($0 % 16)".utf8) + [0]) }
        writer.fill(offsets + 12, writer.end)
        writer.words(texts)
        if let frontEnd { writer.fill(offsets + 16, frontEnd.write(to: &writer)) }
        if let detector { writer.fill(offsets + 20, detector.write(to: &writer)) }
        writer.fill(8, writer.end)
        return TestBlock(writer.all)
    }
}

/// Appends little-endian parts at multiples of 4.
struct BlockWriter {
    private(set) var all: [UInt8] = []

    var end: Int { all.count }

    mutating func bytes(_ bytes: [UInt8]) { all += bytes }

    mutating func halves(_ values: [Int]) {
        for value in values {
            all += [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
    }

    mutating func words(_ values: [Int]) {
        for value in values { halves([value, value >> 16]) }
    }

    mutating func reserve(_ count: Int) -> Int {
        defer { all += Array(repeating: 0, count: count) }
        return all.count
    }

    mutating func fill(_ offset: Int, _ value: Int) {
        for byte in 0..<4 { all[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }

    /// Appends a part and returns where it begins.
    mutating func part(_ bytes: [UInt8]) -> Int {
        let offset = all.count
        all += bytes + Array(repeating: 0, count: (4 - bytes.count % 4) % 4)
        return offset
    }

    mutating func part(halves values: [Int]) -> Int {
        var writer = BlockWriter()
        writer.halves(values)
        return part(writer.all)
    }

    mutating func part(words values: [Int]) -> Int {
        var writer = BlockWriter()
        writer.words(values)
        return part(writer.all)
    }

    mutating func layer(_ layer: TestModel.Layer, at offset: Int) {
        let tables = [
            part(layer.weights), layer.weights.count,
            part(halves: layer.multipliers.map { Int($0) }),
            part(words: layer.biases.map { Int($0) }), 0, 0,
        ]
        var record = BlockWriter()
        record.halves([layer.kernel.rawValue, layer.shift, layer.input, layer.input2, layer.output])
        record.halves(layer.geometry + [0])
        record.words(tables)
        all.replaceSubrange(offset..<offset + 48, with: record.all)
    }
}
