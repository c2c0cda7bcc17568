// SPDX-License-Identifier: Apache-2.0

/// The geometry fields of a recurrent layer and the sizes that follow from them (SPEC.md section
/// 4.4).
struct RecurrentShape {
    let kernel: KernelID
    let gates: Int
    let units: Int
    let inputs: Int
    let outputs: Int
    let weightBits: Int
    let isBackward: Bool
    /// Whether the output is that of the last step alone.
    let isLast: Bool
    /// Flag 4: peep-holes, or a reset after the product.
    let hasThird: Bool
    /// Flag 8: a projection, or a clipped candidate.
    let hasFourth: Bool
    /// Flag 16: goes on from the state of the last inference.
    let isStateful: Bool
    let stateRange: Int32
    let inputLift: Int32
    let ownLift: Int32
    /// Shift of the peep-holes, or limit of a clipped candidate.
    let extra: Int32
    let codeShift: Int32
    let projectionShift: Int32

    init(_ layer: LayerRecord, _ kernel: KernelID, _ x: TensorRecord, _ y: TensorRecord) {
        self.kernel = kernel
        gates = kernel.isLSTM ? 4 : 3
        units = layer.kernelHeight
        inputs = x.width * x.channels
        outputs = y.channels
        weightBits = layer.weightBits
        isBackward = layer.kernelWidth & 1 != 0
        isLast = layer.kernelWidth & 2 != 0
        hasThird = layer.kernelWidth & 4 != 0
        hasFourth = layer.kernelWidth & 8 != 0
        isStateful = layer.kernelWidth & 16 != 0
        stateRange = Int32(layer.strideHeight)
        inputLift = Int32(layer.strideWidth & 255)
        ownLift = Int32(layer.strideWidth >> 8)
        extra = Int32(layer.padTop)
        codeShift = Int32(layer.padLeft & 255)
        projectionShift = Int32(layer.padLeft >> 8)
    }

    /// int16 `[units]`, uint8 `[outputs]`, `[units]`: what the reference keeps from step to step.
    var stateBytes: Int { 3 * units + outputs }

    var hasPeepholes: Bool { kernel.isLSTM && hasThird }
    var isProjected: Bool { kernel.isLSTM && hasFourth }
    var resetsAfter: Bool { kernel.isGRU && hasThird }
    var isClipped: Bool { kernel.isGRU && hasFourth }

    /// Rows of the gates.
    var rows: Int { gates * units }

    /// The row of a gate's unit: LSTM has all gates of eight units together.
    func row(_ gate: Int, _ unit: Int) -> Int {
        guard kernel.isLSTM else { return gate * units + unit }
        let first = unit / 8 * 8
        return gates * first + gate * min(8, units - first) + unit % 8
    }

    /// Stored weights; fewer than 2^52.
    var weights: Int64 {
        Int64(rows) * (Int64(inputs) + Int64(outputs))
            + (isProjected ? Int64(outputs) * Int64(units) : 0)
    }

    var multipliers: Int {
        1 + 2 * rows + (hasPeepholes ? 3 * units : 0) + (isProjected ? outputs : 0)
    }

    var biases: Int { 1 + rows + (isProjected ? outputs : 0) + (resetsAfter ? units : 0) }

    /// Do shapes and fields fit together, and are all sums below 2^31 when they are lifted?
    func fits(_ layer: LayerRecord, _ x: TensorRecord, _ y: TensorRecord) -> Bool {
        guard units > 0, layer.kernelWidth < 32, !(isStateful && isBackward), x.isWhole, y.isWhole,
            y.bits == 8, y.width == 1,
            y.height == (isLast ? 1 : x.height), isProjected || outputs == units,
            codeShift <= 30, projectionShift <= (kernel.isLSTM ? 30 : 0),
            inputLift <= 15, ownLift <= 15, inputs <= 65535
        else { return false }
        func sum(_ columns: Int, _ lift: Int32) -> Int64 {
            Int64(columns) << Int64(Int32(weightBits) + lift)
        }
        let most: Int64 = 65535 << 8
        guard sum(inputs, inputLift) + sum(outputs, ownLift) <= most,
            sum(units, ownLift) <= most
        else { return false }
        return kernel.isLSTM
            ? stateRange <= 12 && (hasPeepholes ? (1...30).contains(extra) : extra == 0)
            : stateRange <= 15 && extra <= (isClipped ? 32767 : 0)
    }
}

extension Block {
    func isStateful(_ layer: LayerRecord) -> Bool {
        guard let kernel = KernelID(kernel: layer.kernel), kernel.isRecurrent else { return false }
        return RecurrentShape(layer, kernel, tensor(layer.input), tensor(layer.output)).isStateful
    }

    /// Where a layer's part of `MemoryPlan.states` begins, in bytes; of the layer behind the last one
    /// where all end.
    func statePlace(of index: Int) -> Int {
        var place = 0
        for before in 0..<index { place += (stateBytes(of: layer(before)) + 1) & ~1 }
        return place
    }

    /// What a layer that the check has seen keeps from step to step; 0 if it is not recurrent.
    private func stateBytes(of layer: LayerRecord) -> Int {
        guard let kernel = KernelID(kernel: layer.kernel), kernel.isRecurrent else { return 0 }
        return RecurrentShape(layer, kernel, tensor(layer.input), tensor(layer.output)).stateBytes
    }
}
