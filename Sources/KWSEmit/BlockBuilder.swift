// SPDX-License-Identifier: Apache-2.0

internal import KWSFrontEnd
internal import KWSGraph

/// Lays out a model block: records first, then text, then tables.
struct BlockBuilder {
    private let model: CompiledModel
    private let kernels: [KernelID]
    private var parts: [ModelBlock.Section] = []
    private var end: Int

    private let tensorsOffset: Int
    private let layersOffset: Int
    private let frontEndOffset: Int
    private let detectorOffset: Int

    init(_ model: CompiledModel, kernels: [KernelID]) {
        self.model = model
        self.kernels = kernels
        tensorsOffset = ModelBlock.headerBytes
        layersOffset = tensorsOffset + model.graph.tensors.count * ModelBlock.tensorBytes
        let afterLayers = layersOffset + model.graph.layers.count * ModelBlock.layerBytes
        frontEndOffset = model.frontEnd == nil ? 0 : afterLayers
        let afterFrontEnd =
            afterLayers + (model.frontEnd == nil ? 0 : ModelBlock.frontEndBytes)
        detectorOffset = model.detection == nil ? 0 : afterFrontEnd
        end = afterFrontEnd + (model.detection == nil ? 0 : ModelBlock.detectorBytes)
    }

    mutating func build() -> [ModelBlock.Section] {
        let name = add("model name", [UInt8](cString: model.name))
        let texts = model.labels.map { label in
            UInt32(add("label", [UInt8](cString: label)))
        }
        let labels = add("label offsets", [UInt8](little: texts))
        let detector = model.detection.map { self.detector($0) }
        let frontEnd = model.frontEnd.map { self.frontEnd($0) }
        let layers = model.graph.layers.indices.map { index in
            let first = parts.count
            let record = layer(index)
            for part in first..<parts.count { parts[part].layer = index }
            return record
        }

        var records: [ModelBlock.Section] = []
        func record(_ comment: String, _ offset: Int, _ bytes: [UInt8]) {
            records.append(
                ModelBlock.Section(comment: comment, offset: offset, bytes: bytes, isTable: false))
        }
        record("header (kws_block_header)", 0, header(name: name, labels: labels))
        for (index, tensor) in model.graph.tensors.enumerated() {
            let byte = tensor.quantisation.asByte
            record(
                "tensor \(index): \(tensor.name) [\(tensor.height)][\(tensor.width)]"
                    + "[\(tensor.channels)] u\(tensor.bits), scale \(decimal(byte.scale)), "
                    + "zero point \(byte.zeroPoint)",
                tensorsOffset + index * ModelBlock.tensorBytes, self.tensor(index))
        }
        for (index, bytes) in layers.enumerated() {
            let layer = model.graph.layers[index]
            record(
                "layer \(index): \(layer.name) (\(layer.operation.name))",
                layersOffset + index * ModelBlock.layerBytes, bytes)
        }
        if let frontEnd { record("front end", frontEndOffset, frontEnd) }
        if let detector { record("detector", detectorOffset, detector) }
        return records + parts
    }

    /// Appends a part at the next multiple of 4 and returns its offset.
    mutating func add(
        _ comment: String, _ bytes: [UInt8], isTable: Bool = false
    ) -> Int {
        end = (end + 3) & ~3
        let offset = end
        parts.append(
            ModelBlock.Section(comment: comment, offset: offset, bytes: bytes, isTable: isTable))
        end += bytes.count
        return offset
    }

    private func header(name: Int, labels: Int) -> [UInt8] {
        var bytes = [UInt8](little: [UInt32(0x4D53_574B)])
        bytes.append(little: ModelBlock.format)
        bytes.append(little: model.variant.pack)
        let blockBytes = (end + 3) & ~3
        for word in [blockBytes, 0, Int(model.sourceHash), model.plan.arenaBytes] {
            bytes.append(little: UInt32(word))
        }
        let streaming = model.graph.streaming
        for half in [
            model.graph.tensors.count, model.graph.layers.count, model.labels.count,
            streaming?.layers ?? 0,
        ] {
            bytes.append(little: UInt16(half))
        }
        for offset in [
            model.plan.progress.offset, name, tensorsOffset, layersOffset, labels, frontEndOffset,
            detectorOffset, model.plan.keptBytes,
        ] {
            bytes.append(little: UInt32(offset))
        }
        for half in [streaming?.hopRows ?? 0, 0] { bytes.append(little: UInt16(half)) }
        return bytes
    }

    private func tensor(_ index: Int) -> [UInt8] {
        let tensor = model.graph.tensors[index]
        var bytes = [UInt8](
            little: [tensor.height, tensor.width, tensor.channels].map { UInt16($0) })
        bytes.append(little: UInt8(tensor.quantisation.asByte.zeroPoint))
        bytes.append(little: UInt8(tensor.bits))
        let slots = model.plan.slots[index]
        bytes.append(little: UInt16(slots.rows))
        bytes.append(little: UInt16(slots.phase))
        bytes.append(little: UInt32(model.plan.tensors[index].offset))
        return bytes
    }

    private mutating func layer(_ index: Int) -> [UInt8] {
        let layer = model.graph.layers[index]
        let operation = layer.operation
        let output = model.graph.tensors[layer.output.index]

        var weights: [UInt8] = []
        var weightsOffset = 0
        if !operation.weights.isEmpty {
            weights = model.variant.tables(WeightMatrix(layer, output: output))
            weightsOffset = add(
                "\(layer.name): weights s\(layer.weightBits) \(operation.weightAxes(output)), "
                    + (layer.storage == .dense
                        ? "packed for \(model.variant.name)"
                        : "sparse: \(layer.storage)"),
                weights, isTable: true)
        }
        var multipliersOffset = 0
        var biasesOffset = 0
        if let step = operation.requantisation {
            multipliersOffset = add(
                "\(layer.name): multipliers s16 [\(step.multipliers.count)]",
                [UInt8](little: step.multipliers), isTable: true)
            if !step.biases.isEmpty {
                biasesOffset = add(
                    "\(layer.name): biases s32 [\(step.biases.count)], shift \(step.shift)",
                    [UInt8](little: step.biases), isTable: true)
            }
        }

        var bytes = [UInt8](little: [KernelID(layer).number])
        bytes.append(UInt8(operation.requantisation?.shift ?? 0))
        bytes.append(model.plan.chained[index] ? 1 : 0)
        let second = layer.inputs.count > 1 ? layer.inputs[1].index : 0xFFFF
        let dispatch = kernels.firstIndex(of: KernelID(layer)) ?? 0
        var geometry = operation.geometry
        // The rows above are those that have come before.
        if index < model.graph.streaming?.layers ?? 0 { geometry[4] = 0 }
        for half in [layer.inputs[0].index, second, layer.output.index] + geometry + [dispatch] {
            bytes.append(little: UInt16(half))
        }
        let scratch = model.plan.scratch[index]
        for word in [
            weightsOffset, weights.count, multipliersOffset, biasesOffset, scratch?.offset ?? 0,
            scratch?.bytes ?? 0,
        ] {
            bytes.append(little: UInt32(word))
        }
        return bytes
    }
}

extension QuantOperator {
    /// The six geometry fields of kws_layer, from `kernel_height` to `pad_left`.
    fileprivate var geometry: [Int] {
        switch self {
        case .convolution(let w, _, _), .depthwise(let w, _, _), .maxPool(let w),
            .averagePool(let w, _):
            [w.kernelHeight, w.kernelWidth, w.strideHeight, w.strideWidth, w.top, w.left]
        case .pointwise, .add: [1, 1, 1, 1, 0, 0]
        case .place(let row, let column, let channel, _): [0, channel, 0, 0, row, column]
        case .transpose(let p): [p[0], p[1], p[2], 0, 0, 0]
        case .recurrent(let layer): layer.geometry
        default: [0, 0, 0, 0, 0, 0]
        }
    }

    /// The axes of the weights, for the C comment.
    fileprivate func weightAxes(_ output: QuantGraph.Tensor) -> String {
        switch self {
        case .convolution(let w, let weights, _):
            "[\(output.channels)][\(w.kernelHeight)][\(w.kernelWidth)]"
                + "[\(weights.count / (w.taps * output.channels))]"
        case .depthwise(let w, _, _): "[\(output.channels)][\(w.kernelHeight)][\(w.kernelWidth)]"
        case .pointwise(let weights, _), .dense(let weights, _):
            "[\(output.channels)][\(weights.count / output.channels)]"
        case .recurrent(let layer): "[\(layer.weights.count)]"
        default: ""
        }
    }
}
