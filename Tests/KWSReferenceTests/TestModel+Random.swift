// SPDX-License-Identifier: Apache-2.0

internal import Foundation

extension TestModel {
    /// A model of one layer (two for ADD, three for a PLACE that shares its output), odd shapes.
    static func random(_ kernel: Kernel, _ random: inout SplitMix) -> TestModel {
        let extents = [1, 1, 2, 3, 5, 7, 11]
        func extent() -> Int { extents.randomElement(using: &random) ?? 1 }
        let x = Tensor(
            height: extent(), width: extent(), channels: extent(),
            zeroPoint: Int.random(in: -128...127, using: &random))
        var model = TestModel(tensors: [x], layers: [])
        model.append(kernel, &random)
        return model
    }

    /// Adds a layer that reads the newest tensor.
    mutating func append(_ kernel: Kernel, _ random: inout SplitMix) {
        let from = tensors.count - 1
        let x = tensors[from]
        var y = x
        y.zeroPoint = Int.random(in: -128...127, using: &random)
        var layer = Layer(kernel: kernel, input: from, output: from + 1)
        func slide() {
            let (h, sh, pt) = Self.axis(x.height, &y.height, &random)
            let (w, sw, pl) = Self.axis(x.width, &y.width, &random)
            layer.geometry = [h, w, sh, sw, pt, pl]
        }
        switch kernel {
        case .convolution:
            slide()
            y.channels = Int.random(in: 1...9, using: &random)
            let taps = layer.geometry[0] * layer.geometry[1] * x.channels
            layer.fill(
                outputs: y.channels, weights: y.channels * taps, taps: Double(taps), &random)
        case .pointwise:
            y.channels = Int.random(in: 1...9, using: &random)
            layer.geometry = [1, 1, 1, 1, 0, 0]
            layer.fill(
                outputs: y.channels, weights: y.channels * x.channels,
                taps: Double(x.channels), &random)
        case .depthwise:
            slide()
            y.channels = x.channels * Int.random(in: 1...3, using: &random)
            let taps = layer.geometry[0] * layer.geometry[1]
            layer.fill(
                outputs: y.channels, weights: y.channels * taps, taps: Double(taps), &random)
        case .dense:
            y = Tensor(
                height: 1, width: 1, channels: Int.random(in: 1...13, using: &random),
                zeroPoint: y.zeroPoint)
            layer.fill(
                outputs: y.channels, weights: y.channels * x.elements,
                taps: Double(x.elements), &random)
        case .maxPool:
            slide()
        case .averagePool:
            slide()
            // A sum without weights deviates by 74 where one with weights does by 74^2 = 5476.
            layer.fill(
                outputs: 1, weights: 0,
                taps: Double(layer.geometry[0] * layer.geometry[1]) / 5476, &random)
        case .add:
            if from == 0 { append(.place, &random) }
            layer = Layer(
                kernel: .add, input: 0, input2: tensors.count - 1, output: tensors.count)
            layer.fill(outputs: 1, weights: 0, taps: 65536, &random)
            layer.multipliers.append(Int16(truncatingIfNeeded: random.next()))
            y = tensors[tensors.count - 1]
        case .place:
            layer.fill(outputs: 1, weights: 0, taps: 65536, &random)
        case .transpose:
            let p = [0, 1, 2].shuffled(using: &random)
            layer.geometry = p + [0, 0, 0]
            let extents = p.map { [x.height, x.width, x.channels][$0] }
            (y.height, y.width, y.channels) = (extents[0], extents[1], extents[2])
        case .view:
            (y.height, y.width, y.channels) = (x.channels, x.height, x.width)
        case .softmax:
            let scale = Double.random(in: 0.02...0.3, using: &random)
            let entries = Int.random(in: 1...256, using: &random)
            layer.weights = Self.exponentials(scale: scale, entries: entries)
        }
        tensors.append(y)
        layers.append(layer)
    }

    /// `T[d] = round(32768 exp(-d * scale))`.
    static func exponentials(scale: Double, entries: Int) -> [UInt8] {
        (0..<entries).flatMap { d in
            let e = Int((32768 * exp(-Double(d) * scale)).rounded())
            return [UInt8(e & 255), UInt8(e >> 8)]
        }
    }

    /// A kernel, a stride and a padding for one axis, and the output's extent.
    private static func axis(
        _ input: Int, _ output: inout Int, _ random: inout SplitMix
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
    /// Random tables with which results fill int8 and now and then leave it.
    mutating func fill(
        outputs: Int, weights count: Int, taps: Double, _ random: inout SplitMix
    ) {
        weights = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        multipliers = (0..<outputs).map { _ in Int16(truncatingIfNeeded: random.next()) }
        // Products of two random int8 have a deviation of 74^2, multipliers one of 19000.
        let typical = 5476 * taps.squareRoot() * 19000 / 65536
        shift = max(0, Int(log2(typical).rounded()) - 6)
        biases = (0..<outputs).map { _ in
            Int32.random(in: -(64 << Int32(shift))...(64 << Int32(shift)), using: &random)
        }
    }
}
