// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The network by another method: images are padded first and then correlated, and rescaling is
/// done in `Double`, which holds all numbers exactly.
struct Oracle {
    struct Image {
        var height: Int
        var width: Int
        var channels: Int
        var values: [Int]

        init(_ height: Int, _ width: Int, _ channels: Int, filled value: Int = 0) {
            (self.height, self.width, self.channels) = (height, width, channels)
            values = Array(repeating: value, count: height * width * channels)
        }

        subscript(r: Int, q: Int, c: Int) -> Int {
            get { values[(r * width + q) * channels + c] }
            set { values[(r * width + q) * channels + c] = newValue }
        }

        var places: [(r: Int, q: Int, c: Int)] {
            (0..<height).flatMap { r in
                (0..<width).flatMap { q in (0..<channels).map { (r, q, $0) } }
            }
        }
    }

    let model: TestModel

    /// Returns every tensor after a run.
    func run(_ features: [Int8]) -> [Image] {
        var images = model.tensors.map { Image($0.height, $0.width, $0.channels) }
        images[0].values = features.map { Int($0) + 128 }
        for layer in model.layers { run(layer, &images) }
        return images
    }

    /// floor(v / 2^n), clipped to the bits of the layer's output, as the upper bits of a byte.
    private func clipped(_ v: Double, _ layer: TestModel.Layer) -> Int {
        let most = Double(model.tensors[layer.output].most)
        let clipped = Int(min(most, max(0, (v / exp2(Double(layer.shift))).rounded(.down))))
        return clipped * model.tensors[layer.output].unit
    }

    private func requant(_ acc: Int, _ layer: TestModel.Layer, _ o: Int) -> Int {
        let product = Double(acc) * Double(layer.multipliers[o])
        let scaled = (product / 65536).rounded(.down)
        return clipped(scaled + Double(layer.biases[o]), layer)
    }

    /// The image with so much more around it that every window of the output lies inside.
    private func padded(
        _ x: Image, _ layer: TestModel.Layer, _ y: Image, with value: Int
    ) -> Image {
        let g = layer.geometry
        let height = max(x.height + g[4], (y.height - 1) * g[2] + g[0])
        let width = max(x.width + g[5], (y.width - 1) * g[3] + g[1])
        var image = Image(height, width, x.channels, filled: value)
        for (r, q, c) in x.places { image[r + g[4], q + g[5], c] = x[r, q, c] }
        return image
    }

    private func run(_ layer: TestModel.Layer, _ images: inout [Image]) {
        let x = images[layer.input]
        var y = images[layer.output]
        let zx = model.tensors[layer.input].zeroPoint
        let g = layer.geometry
        let w = layer.weights
        let taps = (0..<max(1, g[0])).flatMap { i in (0..<max(1, g[1])).map { (i, $0) } }

        switch layer.kernel {
        case .convolution:
            let p = padded(x, layer, y, with: zx)
            for (r, q, o) in y.places {
                var acc = 0
                for (i, j) in taps {
                    for c in 0..<x.channels {
                        acc +=
                            w[((o * g[0] + i) * g[1] + j) * x.channels + c]
                            * p[r * g[2] + i, q * g[3] + j, c]
                    }
                }
                y[r, q, o] = requant(acc, layer, o)
            }
        case .pointwise, .pointwiseGaps, .pointwiseBlocks:
            for (r, q, o) in y.places {
                let acc = (0..<x.channels).map { w[o * x.channels + $0] * x[r, q, $0] }
                y[r, q, o] = requant(acc.reduce(0, +), layer, o)
            }
        case .depthwise:
            let p = padded(x, layer, y, with: zx)
            let k = y.channels / x.channels
            for (r, q, o) in y.places {
                let acc = taps.map { i, j in
                    w[(o * g[0] + i) * g[1] + j] * p[r * g[2] + i, q * g[3] + j, o / k]
                }
                y[r, q, o] = requant(acc.reduce(0, +), layer, o)
            }
        case .dense, .denseGaps, .denseBlocks:
            for o in y.values.indices {
                let row = w[o * x.values.count..<(o + 1) * x.values.count]
                y.values[o] = requant(zip(row, x.values).map(*).reduce(0, +), layer, o)
            }
        case .maxPool, .averagePool:
            let isMax = layer.kernel == .maxPool
            let p = padded(x, layer, y, with: isMax ? -1000 : zx)
            for (r, q, c) in y.places {
                let all = taps.map { p[r * g[2] + $0, q * g[3] + $1, c] }
                y[r, q, c] = isMax ? all.max() ?? 0 : requant(all.reduce(0, +), layer, 0)
            }
        case .mean:
            for c in y.values.indices {
                let all = x.places.filter { $0.c == c }.map { x[$0.r, $0.q, $0.c] }
                y.values[c] = requant(all.reduce(0, +), layer, 0)
            }
        case .add:
            let x2 = images[layer.input2]
            let m = layer.multipliers.map { Int($0) }
            for i in y.values.indices {
                let acc = x.values[i] * m[0] + x2.values[i] * m[1] + Int(layer.biases[0])
                y.values[i] = clipped(Double(acc), layer)
            }
        case .place:
            for (r, q, c) in x.places {
                let acc = x[r, q, c] * Int(layer.multipliers[0]) + Int(layer.biases[0])
                y[r + g[4], q + g[5], c + g[1]] = clipped(Double(acc), layer)
            }
        case .transpose:
            for (r, q, c) in x.places {
                // Where each axis of the input went.
                let index = [r, q, c]
                y[index[g[0]], index[g[1]], index[g[2]]] = x[r, q, c]
            }
        case .view:
            y.values = x.values
        case .lstm, .gru, .lstmGaps, .gruGaps:
            var oracle = RecurrentOracle(
                layer, inputs: x.width * x.channels, outputs: y.channels,
                zeroPoint: model.tensors[layer.output].zeroPoint)
            let rows = (0..<x.height).map { r in
                (0..<x.width).flatMap { q in (0..<x.channels).map { x[r, q, $0] } }
            }
            y.values = oracle.run(rows).flatMap { $0 }
        case .softmax:
            softmax(layer, x, &y)
        }
        images[layer.output] = y
    }

    private func softmax(_ layer: TestModel.Layer, _ x: Image, _ y: inout Image) {
        let largest = x.values.max() ?? 0
        let e = x.values.map {
            exponential((largest - $0) * Int(layer.multipliers[0]), layer.shift)
        }
        let sum = e.reduce(0, +)
        let p = e.map { min(65535, (65536 * $0 + sum / 2) / sum) }
        y.values =
            y.channels == x.channels
            ? p.map { min(255, ($0 + 128) / 256) } : p.map { $0 / 256 } + p.map { $0 % 256 }
    }

    /// `2^15 * 2^(-t / 2^(10+n))` along chords between multiples of 1/32.
    private func exponential(_ t: Int, _ n: Int) -> Int {
        let u = Int((Double(t) / exp2(Double(n))).rounded(.down))
        let (octave, rest) = u.quotientAndRemainder(dividingBy: 1024)
        let (i, f) = rest.quotientAndRemainder(dividingBy: 32)
        func node(_ i: Int) -> Double { (32768 * exp2(-Double(i) / 32)).rounded() }
        let fall = ((node(i) - node(i + 1)) * Double(f) / 32).rounded(.down)
        return Int(((node(i) - fall) / exp2(Double(octave))).rounded(.down))
    }
}
