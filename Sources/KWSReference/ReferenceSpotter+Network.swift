// SPDX-License-Identifier: Apache-2.0

extension ReferenceSpotter {
    /// Runs the network once on features in the model's input format, beside any stream.
    ///
    /// - Parameters:
    ///   - features: int8 `[featureCount]`.
    ///   - scores: receives int8 `[classCount]`.
    public mutating func infer(
        features: UnsafeBufferPointer<Int8>, scores: UnsafeMutableBufferPointer<Int8>
    ) throws(ReferenceError) {
        guard features.count == featureCount, scores.count == classCount else {
            throw ReferenceError(.argument, "features or scores of another count")
        }
        let input = elements(ofTensor: 0)
        for index in 0..<input.count { input[index] = features[index] }
        runNetwork()
        let output = layerOutput(layerCount - 1)
        for index in 0..<output.count { scores[index] = output[index] }
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
                y: elements(ofTensor: layer.output).baseAddress.unsafelyUnwrapped
            ).run()
        }
    }

    /// The network's input: of the last `infer`, or of the stream's last decision.
    public var features: UnsafeBufferPointer<Int8> {
        UnsafeBufferPointer(elements(ofTensor: 0))
    }

    /// A layer's output of the last inference: all elements, `[height][width][channels]`.
    ///
    /// A tensor that several PLACE layers share is complete after the last of them.
    public func layerOutput(_ layer: Int) -> UnsafeBufferPointer<Int8> {
        UnsafeBufferPointer(elements(ofTensor: block.layer(layer).output))
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
