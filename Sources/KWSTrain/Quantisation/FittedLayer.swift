// SPDX-License-Identifier: Apache-2.0

/// A layer that rounds what it puts out.
protocol FittedLayer: Layer {
    /// Sets the grid so that the squared error of rounding what the last forward pass made of
    /// `samples` samples is least.
    func fit(_ store: ParameterStore, samples: Int)
}
