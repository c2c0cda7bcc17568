// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph
package import KWSNumerics

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Where weights start.
///
/// Fans count connections: of a convolution `taps * out` and `taps * in`, of a depthwise one
/// `taps * multiplier` and `taps`.
package enum Initialiser: Sendable {
    /// Normal with variance `2 / fan out` (He, Zhang, Ren, Sun 2015, equation 14).
    case heFanOut
    /// Uniform within `sqrt(6 / (fan in + fan out))` (Glorot and Bengio 2010, equation 16).
    case xavier
}

extension TrainableNetwork {
    /// Sets all trainable parameters: weights at random, scales 1, biases and offsets 0; and the
    /// running statistics to mean 0, variance 1.
    ///
    /// All numbers of recurrent layers are uniform within `1 / sqrt(units)`, as PyTorch has them, but
    /// for biases: 0, of an LSTM's forget gate 1 (Jozefowicz et al. 2015).
    package func initialise(_ initialiser: Initialiser, random: inout SplitMix64) {
        for slice in parameters.slices where slice.trainable {
            if let units = original.nodes[slice.node].operation.recurrence?.units {
                initialise(slice, units: units, &random)
                continue
            }
            switch slice.role {
            case .scale: parameters.values[slice.range].update(repeating: 1)
            case .bias, .offset: parameters.values[slice.range].update(repeating: 0)
            case .weights:
                let (fanIn, fanOut) = fans(slice)
                for i in slice.range {
                    parameters.values[i] = initialiser.draw(
                        fanIn: fanIn, fanOut: fanOut, &random)
                }
            default: break
            }
        }
        for running in statistics {
            running.mean.update(repeating: 0)
            running.variance.update(repeating: 1)
        }
    }

    private func initialise(
        _ slice: ParameterSlice, units: Int, _ random: inout SplitMix64
    ) {
        if slice.role == .bias || slice.role == .recurrentBias {
            parameters.values[slice.range].update(repeating: 0)
            guard case .lstm = original.nodes[slice.node].operation else { return }
            let forget = slice.range.lowerBound + units
            parameters.values[forget..<forget + units].update(repeating: 1)
        } else {
            let bound = 1 / Double(units).squareRoot()
            for i in slice.range {
                parameters.values[i] = Float(bound * (2 * random.unit() - 1))
            }
        }
    }

    private func fans(_ slice: ParameterSlice) -> (fanIn: Int, fanOut: Int) {
        let node = original.nodes[slice.node]
        if case .depthwise(let window, _, let bias) = node.operation {
            let channels = original.shape(of: node.inputs[0]).image.channels
            return (window.taps, window.taps * bias.count / channels)
        }
        let taps = slice.shape.dropFirst().dropLast().reduce(1, *)
        return (taps * slice.shape[slice.shape.count - 1], taps * slice.shape[0])
    }
}

extension Initialiser {
    fileprivate func draw(fanIn: Int, fanOut: Int, _ random: inout SplitMix64) -> Float {
        switch self {
        case .heFanOut:
            Float((2 / Double(fanOut)).squareRoot() * random.normal())
        case .xavier:
            Float((6 / Double(fanIn + fanOut)).squareRoot() * (2 * random.unit() - 1))
        }
    }
}

extension SplitMix64 {
    /// A number of the standard normal distribution (Box and Muller 1958).
    package mutating func normal() -> Double {
        let radius = (-2 * log(1 - unit())).squareRoot()
        return radius * cos(2 * .pi * unit())
    }
}
