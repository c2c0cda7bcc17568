// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// One layer with its tensors: the kernels of SPEC.md section 4 are its methods.
///
/// The check has seen block and layer, so indices stay inside and sums inside their bounds.
struct LayerCall {
    let block: Block
    let layer: LayerRecord
    let input: TensorRecord
    let output: TensorRecord
    /// The input's elements, `[height][width][channels]`.
    let x: UnsafePointer<UInt8>
    /// The second input's elements, for ADD.
    let x2: UnsafePointer<UInt8>
    /// The output's elements.
    let y: UnsafeMutablePointer<UInt8>
    /// `[out][k]`.
    let weights: UnsafePointer<Int8>
    /// What a recurrent layer works with; see `MemoryPlan.states`.
    let states: UnsafeMutablePointer<Int16>
    /// Whether a layer that keeps its state has none yet.
    let isFresh: Bool

    func run() {
        switch KernelID(kernel: layer.kernel) {
        case .convolution: convolution()
        case .pointwise, .pointwiseGaps, .pointwiseBlocks: pointwise()
        case .depthwise: depthwise()
        case .dense, .denseGaps, .denseBlocks: dense()
        case .maxPool: maxPool()
        case .averagePool: averagePool()
        case .mean: mean()
        case .add: add()
        case .place: place()
        case .transpose: transpose()
        case .softmax: softmax()
        case .view: view()
        case .lstm, .lstmGaps: lstm()
        case .gru, .gruGaps: gru()
        case nil: break
        }
    }

    var multipliers: UnsafePointer<Int16> {
        block.table(layer.multipliersOffset, of: Int16.self)
    }
    var biases: UnsafePointer<Int32> { block.table(layer.biasesOffset, of: Int32.self) }

    /// `clip(v; bits)`, `bits` those of the output, as a byte.
    func clip(_ v: Int32) -> UInt8 {
        Fixed.clip(v, bits: Int32(output.bits)) << UInt8(8 - output.bits)
    }

    /// `requant(acc; m[o], b[o], n)` as a byte.
    func requant(_ acc: Int32, _ o: Int) -> UInt8 {
        Fixed.requant(
            acc, multiplier: multipliers[o], bias: biases[o], shift: layer.shift,
            bits: Int32(output.bits)) << UInt8(8 - output.bits)
    }

    /// The channels of the input at a place, or nil outside.
    func pixel(_ row: Int, _ column: Int) -> UnsafePointer<UInt8>? {
        guard 0 <= row, row < input.height, 0 <= column, column < input.width else { return nil }
        return x + (row * input.width + column) * input.channels
    }
}
