// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSNumerics

extension TestModel {
    /// A model of one layer (two where the input must not have 8 bits, or for ADD), odd shapes.
    ///
    /// The scores have 8 bits; only layers before the last have outputs of fewer.
    static func random(_ kernel: Kernel, _ random: inout SplitMix64) -> TestModel {
        let extents = [1, 1, 2, 3, 5, 7, 11]
        func extent() -> Int { extents.randomElement(using: &random) ?? 1 }
        var x = Tensor(
            height: extent(), width: extent(), channels: extent(),
            zeroPoint: Int.random(in: 0...255, using: &random))
        if kernel == .softmax { (x.height, x.width) = (1, 1) }
        var model = TestModel(tensors: [x], layers: [])
        let isNarrow = Bool.random(using: &random)
        if isNarrow, ![.softmax, .view, .add].contains(kernel) {
            model.append(.place, bits: [4, 2].randomElement(using: &random) ?? 4, &random)
        }
        model.append(kernel, bits: 8, &random)
        return model
    }

    /// Adds a layer that reads the newest tensor.
    ///
    /// - Parameter bits: of its output; a view has those of its input.
    mutating func append(_ kernel: Kernel, bits: Int = 8, _ random: inout SplitMix64) {
        let from = tensors.count - 1
        let x = tensors[from]
        var y = Tensor(height: x.height, width: x.width, channels: x.channels, bits: bits)
        y.zeroPoint = Int.random(in: 0...255, using: &random)
        var layer = Layer(kernel: kernel, input: from, output: from + 1)
        layer.weightBits = [8, 8, 4, 3, 2].randomElement(using: &random) ?? 8
        func slide() {
            let (h, sh, pt) = Self.axis(x.height, &y.height, &random)
            let (w, sw, pl) = Self.axis(x.width, &y.width, &random)
            layer.geometry = [h, w, sh, sw, pt, pl]
        }
        var taps: Int { layer.geometry[0] * layer.geometry[1] }
        switch kernel {
        case .convolution:
            slide()
            y.channels = Int.random(in: 1...9, using: &random)
            layer.fill(taps * x.channels, y, &random)
        case .pointwise, .pointwiseGaps, .pointwiseBlocks:
            y.channels = Int.random(in: 1...9, using: &random)
            layer.geometry = [1, 1, 1, 1, 0, 0]
            layer.fill(x.channels, y, &random)
        case .depthwise:
            slide()
            y.channels = x.channels * Int.random(in: 1...3, using: &random)
            layer.fill(taps, y, &random)
        case .dense, .denseGaps, .denseBlocks:
            (y.height, y.width) = (1, 1)
            y.channels = Int.random(in: 1...13, using: &random)
            layer.fill(x.elements, y, &random)
        case .maxPool:
            slide()
            y.bits = max(bits, x.bits)
            y.zeroPoint = x.zeroPoint
        case .averagePool:
            slide()
            layer.fill(sum: Double(taps * 255) / 65536, y, &random)
        case .mean:
            (y.height, y.width) = (1, 1)
            layer.fill(sum: Double(x.height * x.width * 255) / 65536, y, &random)
        case .add:
            if from == 0 { append(.place, &random) }
            layer = Layer(
                kernel: .add, input: 0, input2: tensors.count - 1, output: tensors.count)
            y = tensors[tensors.count - 1]
            y.bits = bits
            y.zeroPoint = 127
            layer.fill(sum: 255, y, &random)
            layer.multipliers.append(Int16(truncatingIfNeeded: random.next()))
        case .place:
            layer.fill(sum: 255, y, &random)
        case .transpose:
            let p = [0, 1, 2].shuffled(using: &random)
            layer.geometry = p + [0, 0, 0]
            let extents = p.map { [x.height, x.width, x.channels][$0] }
            (y.height, y.width, y.channels) = (extents[0], extents[1], extents[2])
            y.bits = max(bits, x.bits)
        case .view:
            (y.height, y.width, y.channels) = (x.channels, x.height, x.width)
            y.bits = x.bits
        case .lstm, .gru, .lstmGaps, .gruGaps:
            layer.inputs = x.width * x.channels
            layer.outputs = layer.fillRecurrent(layer.inputs, &random)
            (y.width, y.channels, y.bits) = (1, layer.outputs, 8)
            if layer.isLast { y.height = 1 }
        case .softmax:
            layer.shift = Int.random(in: 0...13, using: &random)
            let scale = Double.random(in: 0.02...0.3, using: &random)
            let unit = exp2(Double(10 + layer.shift))
            layer.multipliers = [Int16(min(32767, (scale * log2(M_E) * unit).rounded()))]
            if Bool.random(using: &random) { y.channels = 2 * x.channels }
        }
        y.zeroPoint -= y.zeroPoint % y.unit
        tensors.append(y)
        layers.append(layer)
    }

    /// A kernel, a stride and a padding for one axis, and the output's extent.
    private static func axis(
        _ input: Int, _ output: inout Int, _ random: inout SplitMix64
    ) -> (kernel: Int, stride: Int, pad: Int) {
        let kernel = Int.random(in: 1...min(4, input + 2), using: &random)
        let stride = Int.random(in: 1...3, using: &random)
        let pad = Int.random(in: 0..<kernel, using: &random)
        // The last window starts inside the input, whether it ends there or not.
        output = Int.random(in: 1...(input + pad - 1) / stride + 1, using: &random)
        return (kernel, stride, pad)
    }
}

extension TestModel.Layer {
    /// Random weights, `taps` an output, and tables with which results fill the output's bits and
    /// now and then leave them.
    mutating func fill(
        _ taps: Int, _ y: TestModel.Tensor, _ random: inout SplitMix64
    ) {
        let limit = 1 << (weightBits - 1)
        weights = (0..<taps * y.channels).map { _ in Int.random(in: -limit..<limit, using: &random)
        }
        if kernel.isSparse {
            let kept = Double.random(in: 0...0.6, using: &random)
            for o in stride(from: 0, to: y.channels, by: 4) {
                let isEmpty = Int.random(in: 0..<8, using: &random) == 0
                for k in 0..<taps where isEmpty || .random(in: 0...1, using: &random) > kept {
                    for i in o..<min(o + 4, y.channels) { weights[i * taps + k] = 0 }
                }
            }
        }
        // Weights deviate by 2^bits / sqrt(12), elements are 0.58 of the largest in the mean square.
        let product = Double(2 * limit) * 0.29 * 255 * 0.58
        fill(sum: product * Double(taps).squareRoot() / 65536, y, &random)
        multipliers = (0..<y.channels).map { _ in Int16(truncatingIfNeeded: random.next()) }
        biases = (0..<y.channels).map { _ in bias(y, &random) }
    }

    /// One random multiplier and one bias, for sums of a size, multiplied by 2^16 if the kernel does
    /// not divide by that.
    mutating func fill(sum: Double, _ y: TestModel.Tensor, _ random: inout SplitMix64) {
        // Multipliers deviate by 19000; half of the output's numbers on either side.
        let steps = sum * 19000 / Double(1 << y.bits) * 2
        shift = max(0, Int(log2(max(1, steps)).rounded()))
        multipliers = [Int16(truncatingIfNeeded: random.next())]
        biases = [bias(y, &random)]
    }

    private func bias(_ y: TestModel.Tensor, _ random: inout SplitMix64) -> Int32 {
        Int32.random(in: 0...Int32((y.most + 1) << shift), using: &random)
    }
}
