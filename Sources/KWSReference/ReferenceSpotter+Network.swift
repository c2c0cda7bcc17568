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
        guard features.count == featureCount, scores.count == classCount else {
            throw ReferenceError(.argument, "features or scores of another count")
        }
        let input = elements(ofTensor: 0)
        for index in 0..<input.count {
            input[index] = UInt8(truncatingIfNeeded: Int32(features[index]) + 128)
        }
        let isAlone = block.header.streamedLayers > 0
        if isAlone { reset() }
        runNetwork()
        if isAlone { reset() }
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
            LayerCall(
                block: block, layer: layer,
                input: block.tensor(layer.input), output: block.tensor(layer.output),
                x: UnsafePointer(elements(ofTensor: layer.input).baseAddress.unsafelyUnwrapped),
                x2: UnsafePointer(elements(ofTensor: other).baseAddress.unsafelyUnwrapped),
                y: elements(ofTensor: layer.output).baseAddress.unsafelyUnwrapped,
                weights: weights(ofLayer: index),
                states: region(plan.states + block.statePlace(of: index), of: Int16.self),
                isFresh: state.pointee.isFresh
            ).run()
            store(layer.output)
        }
        state.pointee.isFresh = false
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
