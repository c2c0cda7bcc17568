// SPDX-License-Identifier: Apache-2.0

extension ReferenceSpotter {
    /// Runs the network once on features in the model's input format, beside any stream; of a network
    /// that keeps states from those of the last inference on, of one that keeps rows as if alone.
    ///
    /// - Parameters:
    ///   - features: int8 `[featureCount]`, `q - 128`.
    ///   - scores: receives int8 `[classCount]`, `q - 128`.
    public mutating func infer(
        features: UnsafeBufferPointer<Int8>, scores: UnsafeMutableBufferPointer<Int8>
    ) throws(ReferenceError) {
        let isAlone = block.header.streamedLayers > 0
        if isAlone { reset() }
        try inferNext(features: features, scores: scores)
        if isAlone { reset() }
    }

    /// The same of a stream's next decision: what states and rows the one before left is there.
    ///
    /// - Parameters:
    ///   - features: the decision's window, `hop_rows` behind that of the decision before where rows are
    ///     kept.
    ///   - scores: as of `infer`.
    public mutating func inferNext(
        features: UnsafeBufferPointer<Int8>, scores: UnsafeMutableBufferPointer<Int8>
    ) throws(ReferenceError) {
        guard features.count == featureCount, scores.count == classCount else {
            throw ReferenceError(.argument, "features or scores of another count")
        }
        let input = elements(ofTensor: 0)
        for index in 0..<input.count {
            input[index] = UInt8(truncatingIfNeeded: Int32(features[index]) + 128)
        }
        runNetwork()
        let output = layerOutput(layerCount - 1)
        for index in 0..<classCount {
            scores[index] = Int8(truncatingIfNeeded: Int32(output[index]) - 128)
        }
    }

    /// Runs all layers on what lies in tensor 0.
    func runNetwork() {
        let block = self.block
        for index in 0..<block.header.layerCount {
            let layer = block.layer(index)
            let other = layer.input2 == LayerRecord.noTensor ? layer.input : layer.input2
            let (input, before) = (block.tensor(layer.input), block.rowsBefore(index))
            LayerCall(
                block: block, layer: layer,
                input: input.with(rowsBefore: before), output: block.tensor(layer.output),
                x: UnsafePointer(
                    elements(ofTensor: layer.input).baseAddress.unsafelyUnwrapped
                        - before * input.rowElements),
                x2: UnsafePointer(elements(ofTensor: other).baseAddress.unsafelyUnwrapped),
                y: elements(ofTensor: layer.output).baseAddress.unsafelyUnwrapped,
                weights: weights(ofLayer: index),
                states: region(plan.states + block.statePlace(of: index), of: Int16.self),
                isFresh: state.pointee.isFresh
            ).run()
            store(layer.output)
        }
        state.pointee.isFresh = false
        keepRows()
    }

    /// Of each tensor, the rows before the next decision's window.
    private func keepRows() {
        for index in 0..<block.header.streamedLayers {
            let (before, row) = (
                block.rowsBefore(tensor: index), block.tensor(index).rowElements
            )
            let new = block.header.hopRows / block.pace(index)
            let first = elements(ofTensor: index).baseAddress.unsafelyUnwrapped - before * row
            first.update(from: first + new * row, count: before * row)
        }
    }

    /// Before a stream's first row stand numbers for 0.
    func forgetRows() {
        for index in 0..<block.header.streamedLayers {
            let tensor = block.tensor(index)
            let count = block.rowsBefore(tensor: index) * tensor.rowElements
            (elements(ofTensor: index).baseAddress.unsafelyUnwrapped - count)
                .update(repeating: UInt8(tensor.zeroPoint), count: count)
        }
    }

    /// Packs the elements of a tensor of fewer than 8 bits: the upper ones of each byte.
    private func store(_ index: Int) {
        let tensor = block.tensor(index)
        guard tensor.bits < 8 else { return }
        let elements = elements(ofTensor: index)
        let bytes = bytes(ofTensor: index)
        for at in 0..<bytes.count { bytes[at] = 0 }
        let each = 8 / tensor.bits
        for at in 0..<elements.count {
            let (pixel, channel) = at.quotientAndRemainder(dividingBy: tensor.channels)
            bytes[pixel * tensor.pixelBytes + channel / each] |=
                (elements[at] >> UInt8(8 - tensor.bits)) << UInt8(channel % each * tensor.bits)
        }
    }

    /// The network's input: of the last `infer`, or of the stream's last decision.
    public var features: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(elements(ofTensor: 0))
    }

    /// A layer's output of the last inference as the library stores it: all rows, of pixels filled up
    /// to whole bytes (SPEC.md section 2).
    ///
    /// A tensor that several PLACE layers share is complete after the last of them.
    public func layerOutput(_ layer: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(bytes(ofTensor: block.layer(layer).output))
    }

    /// The shape of a layer's output.
    public func layerShape(_ layer: Int) -> ReferenceShape {
        ReferenceShape(block.tensor(block.layer(layer).output))
    }

    /// A layer's `kws_kernel_id`.
    public func layerKernel(_ layer: Int) -> Int { block.layer(layer).kernel }

    /// The shape of the network's input.
    public var inputShape: ReferenceShape { ReferenceShape(block.tensor(0)) }

    /// Layers of the network.
    public var layerCount: Int { block.header.layerCount }
}
