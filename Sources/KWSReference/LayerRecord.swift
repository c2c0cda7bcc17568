// SPDX-License-Identifier: Apache-2.0

/// `kws_layer`: one kernel call.
struct LayerRecord {
    static let bytes = 48
    static let noTensor = 0xFFFF

    let kernel: Int
    /// Of a weight; 0 if there are none.
    let weightBits: Int
    let shift: Int32
    let chained: Int
    let input: Int
    let input2: Int
    let output: Int
    let kernelHeight: Int
    let kernelWidth: Int
    let strideHeight: Int
    let strideWidth: Int
    let padTop: Int
    let padLeft: Int
    let weightsOffset: Int
    let weightsBytes: Int
    let multipliersOffset: Int
    let biasesOffset: Int
    let scratchOffset: Int
    let scratchBytes: Int

    init(_ block: Block, at offset: Int) {
        kernel = block.u16(offset)
        weightBits = kernel & 15
        shift = Int32(block.u8(offset + 2))
        chained = block.u8(offset + 3)
        input = block.u16(offset + 4)
        input2 = block.u16(offset + 6)
        output = block.u16(offset + 8)
        kernelHeight = block.u16(offset + 10)
        kernelWidth = block.u16(offset + 12)
        strideHeight = block.u16(offset + 14)
        strideWidth = block.u16(offset + 16)
        padTop = block.u16(offset + 18)
        padLeft = block.u16(offset + 20)
        weightsOffset = block.size(offset + 24)
        weightsBytes = block.size(offset + 28)
        multipliersOffset = block.size(offset + 32)
        biasesOffset = block.size(offset + 36)
        scratchOffset = block.size(offset + 40)
        scratchBytes = block.size(offset + 44)
    }
}
