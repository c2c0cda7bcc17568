// SPDX-License-Identifier: Apache-2.0

/// A model as tests write it down, and its block by the layout of kws_model.h.
struct TestModel {
    struct Tensor {
        var height: Int
        var width: Int
        var channels: Int
        var zeroPoint = 0
        var bits = 8
        /// Slots in the arena; nil: one for each row.
        var rows: Int?
        var phase = 0
        /// A tensor in whose memory this one lies.
        var place: Int?

        var elements: Int { height * width * channels }
        var most: Int { (1 << bits) - 1 }
        /// What the lowest bit counts: numbers are the upper bits of a byte.
        var unit: Int { 256 >> bits }
        var rowBytes: Int { width * ((channels * bits + 7) / 8) }
        var slots: Int { rows ?? height }
    }

    struct Layer {
        var kernel: Kernel
        var input: Int
        var input2 = 0xFFFF
        var output: Int
        var isChained = false
        /// kernel_height, kernel_width, stride_height, stride_width, pad_top, pad_left.
        var geometry = [0, 0, 0, 0, 0, 0]
        var shift = 0
        var weightBits = 8
        /// `[out][k]`; of recurrent layers W, V, P of SPEC.md section 4.4, one behind the other.
        var weights: [Int] = []
        /// Numbers of a step of a recurrent layer.
        var inputs = 0
        var outputs = 0
        var multipliers: [Int16] = []
        var biases: [Int32] = []

        /// kws_kernel_id.
        var id: Int { kernel.rawValue * 16 + (kernel.hasWeights ? weightBits : 0) }

        /// The weights as they are stored.
        var packed: [UInt8] {
            let columns = multipliers.isEmpty ? 0 : weights.count / multipliers.count
            switch kernel {
            case .denseGaps, .pointwiseGaps: return gaps(weights[...], columns: columns)
            case .denseBlocks, .pointwiseBlocks: return blocks(columns: columns)
            case .lstm, .gru, .lstmGaps, .gruGaps:
                return packedRows(inputs: inputs, outputs: outputs)
            default: return packed(weights[...])
            }
        }

        /// The bits of some weights, those of the first one lowest.
        func packed(_ weights: ArraySlice<Int>) -> [UInt8] {
            let bits = weights.flatMap { w in
                let v = weightBits == 8 ? w & 255 : w + 1 << (weightBits - 1)
                return (0..<weightBits).map { v >> $0 & 1 }
            }
            return stride(from: 0, to: bits.count, by: 8).map { first in
                bits[first..<min(first + 8, bits.count)].reversed().reduce(0) {
                    $0 << 1 | UInt8($1)
                }
            }
        }
    }

    enum Kernel: Int, CaseIterable {
        case convolution = 1
        case depthwise, dense, pointwise, maxPool, averagePool, mean, add, place, transpose
        case softmax, view, denseGaps, denseBlocks, pointwiseGaps, pointwiseBlocks
        case lstm, gru, lstmGaps, gruGaps

        var hasWeights: Bool { rawValue <= 4 || rawValue >= 13 }
        var isSparse: Bool { (13...16).contains(rawValue) || rawValue >= 19 }
        var isLSTM: Bool { self == .lstm || self == .lstmGaps }
        var isGRU: Bool { self == .gru || self == .gruGaps }
        var isPointwise: Bool { [.pointwise, .pointwiseGaps, .pointwiseBlocks].contains(self) }
    }

    var tensors: [Tensor]
    var layers: [Layer]
    var frontEnd: TestFrontEnd?
    var detector: TestDetector?

    var features: Int { tensors[0].elements }

    func block() -> TestBlock {
        var writer = BlockWriter()
        var arena = 4 * max(1, layers.count)
        var places: [Int] = []
        for (index, tensor) in tensors.enumerated() {
            // A view lies where its input lies; all others have a place of their own, if the test
            // does not say where.
            let view = layers.first { $0.kernel == .view && $0.output == index }?.input
            if let other = view ?? tensor.place {
                places.append(places[other])
            } else {
                places.append(arena)
                arena += (tensor.slots * tensor.rowBytes + 3) & ~3
            }
        }
        let scratch = layers.map { layer in
            defer { arena += (scratchBytes(of: layer) + 3) & ~3 }
            return arena
        }
        let labels =
            layers.last.map {
                tensors[$0.kernel == .softmax ? $0.input : $0.output].elements
            } ?? 0
        writer.words([0x4D53_574B, 18, 0, 0, 0xABCD, arena])
        writer.halves([tensors.count, layers.count, labels, 0])
        writer.words([0])
        let offsets = writer.reserve(8 * 4)

        writer.fill(offsets + 4, writer.end)
        for (tensor, place) in zip(tensors, places) {
            writer.halves([tensor.height, tensor.width, tensor.channels])
            writer.bytes([UInt8(tensor.zeroPoint), UInt8(tensor.bits)])
            writer.halves([tensor.slots, tensor.phase])
            writer.words([place])
        }
        let records = writer.reserve(48 * layers.count)
        writer.fill(offsets + 8, records)
        for (index, layer) in layers.enumerated() {
            writer.layer(
                layer, scratch: (scratch[index], scratchBytes(of: layer)),
                at: records + 48 * index)
        }
        writer.fill(offsets, writer.part(Array("test".utf8) + [0]))
        let texts = (0..<labels).map { writer.part(Array("class \($0 % 16)".utf8) + [0]) }
        writer.fill(offsets + 12, writer.end)
        writer.words(texts)
        // What a stateful layer keeps may lie anywhere.
        if layers.contains(where: \.isStateful) { writer.fill(offsets + 24, arena) }
        if let frontEnd { writer.fill(offsets + 16, frontEnd.write(to: &writer)) }
        if let detector { writer.fill(offsets + 20, detector.write(to: &writer)) }
        writer.fill(8, writer.end)
        return TestBlock(writer.all)
    }

    /// MEAN's sums; a pixel for every POINTWISE, whether its output trails or not; all of a sparse
    /// DENSE.
    private func scratchBytes(of layer: Layer) -> Int {
        switch layer.kernel {
        case .mean: 4 * tensors[layer.input].channels
        case .pointwise, .pointwiseGaps, .pointwiseBlocks: tensors[layer.input].channels
        case .denseGaps, .denseBlocks: tensors[layer.input].elements
        case .lstm, .gru, .lstmGaps, .gruGaps:
            layer.recurrentScratch(inputs: layer.inputs, outputs: layer.outputs)
        default: 0
        }
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

    mutating func layer(_ layer: TestModel.Layer, scratch: (at: Int, bytes: Int), at offset: Int) {
        let tables = [
            part(layer.packed), layer.packed.count,
            part(halves: layer.multipliers.map { Int($0) }),
            part(words: layer.biases.map { Int($0) }), scratch.at, scratch.bytes,
        ]
        var record = BlockWriter()
        record.halves([
            layer.id, layer.shift | (layer.isChained ? 256 : 0), layer.input, layer.input2,
            layer.output,
        ])
        record.halves(layer.geometry + [0])
        record.words(tables)
        all.replaceSubrange(offset..<offset + 48, with: record.all)
    }
}
