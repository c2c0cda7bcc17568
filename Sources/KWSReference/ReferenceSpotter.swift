// SPDX-License-Identifier: Apache-2.0

/// The host reference: what SPEC.md says, in plain loops, in memory that the caller owns.
///
/// It reads the model block on its own and shares nothing with the C library, so that agreement
/// means something. It allocates nothing and frees nothing; memory and block must stay where they
/// are for as long as the value lives. One thread at a time.
public struct ReferenceSpotter: ~Copyable {
    let state: UnsafeMutablePointer<SpotterState>

    /// Bytes of memory that an instance of the block needs, at any alignment.
    public static func requiredSize(
        of block: UnsafeRawBufferPointer
    ) throws(ReferenceError) -> Int {
        try MemoryPlan(Block(checking: block)).bytes + 15
    }

    /// Checks the block and makes an instance of it.
    ///
    /// - Parameters:
    ///   - block: a model block, aligned to 4.
    ///   - memory: at least `requiredSize(of: block)` bytes.
    public init(
        block bytes: UnsafeRawBufferPointer, memory: UnsafeMutableRawBufferPointer
    ) throws(ReferenceError) {
        let block = try Block(checking: bytes)
        let plan = try MemoryPlan(block)
        guard let base = memory.baseAddress else { throw ReferenceError(.null, "no memory") }
        guard memory.count >= plan.bytes + 15 else {
            throw ReferenceError(.memory, "memory has fewer bytes than requiredSize")
        }
        let start = base.alignedUp(toMultipleOf: 16)
        start.initializeMemory(as: UInt8.self, repeating: 0, count: plan.bytes)
        state = start.bindMemory(to: SpotterState.self, capacity: 1)
        state.initialize(to: SpotterState(block: block, plan: plan))

        placeTensors()
        forgetRows()
        unpackWeights()
        if let detector = block.detector {
            for keyword in 0..<detector.eventCount {
                thresholds[keyword] = detector.threshold(of: keyword, in: block)
            }
        }
    }

    /// Takes up an instance made before, by its handle in C.
    init(_ handle: UnsafeMutableRawPointer) {
        state = handle.assumingMemoryBound(to: SpotterState.self)
    }

    /// Forgets all audio, scores and lock-outs; keeps thresholds.
    public mutating func reset() {
        state.pointee = SpotterState(block: state.pointee.block, plan: state.pointee.plan)
        forgetRows()
        guard let detector = block.detector, let frontEnd = block.frontEnd else { return }
        region(plan.posteriors, of: UInt16.self)
            .update(repeating: 0, count: detector.keywordCount * detector.smoothing)
        region(plan.wordLogarithms, of: Int32.self)
            .update(repeating: 0, count: detector.phraseWords * detector.phraseDecisions)
        if frontEnd.features == .pcen {
            region(plan.means, of: MeanEnergy.self)
                .update(repeating: MeanEnergy(), count: frontEnd.bandCount)
        }
    }

    var block: Block { state.pointee.block }
    var plan: MemoryPlan { state.pointee.plan }

    func region<Element>(_ offset: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
        (UnsafeMutableRawPointer(state) + offset).assumingMemoryBound(to: Element.self)
    }

    var thresholds: UnsafeMutablePointer<UInt16> { region(plan.thresholds, of: UInt16.self) }

    /// The elements of a tensor, in its own place.
    func elements(ofTensor index: Int) -> UnsafeMutableBufferPointer<UInt8> {
        let place = Int(region(plan.elementPlaces, of: Int32.self)[index])
        return UnsafeMutableBufferPointer(
            start: region(place, of: UInt8.self), count: block.tensor(index).elements)
    }

    /// A tensor as the library stores it: its rows, of pixels filled up to whole bytes.
    func bytes(ofTensor index: Int) -> UnsafeMutableBufferPointer<UInt8> {
        let place = Int(region(plan.bytePlaces, of: Int32.self)[index])
        let tensor = block.tensor(index)
        return UnsafeMutableBufferPointer(
            start: region(place, of: UInt8.self), count: tensor.height * Int(tensor.rowBytes))
    }

    /// The weights of a layer, `[out][k]`.
    func weights(ofLayer index: Int) -> UnsafePointer<Int8> {
        let place = Int(region(plan.weightPlaces, of: Int32.self)[index])
        return UnsafePointer(region(place, of: Int8.self))
    }

    private func placeTensors() {
        var place = plan.tensors
        for index in 0..<block.header.tensorCount {
            let tensor = block.tensor(index)
            let elements = place + block.rowsBefore(tensor: index) * tensor.rowElements
            region(plan.elementPlaces, of: Int32.self)[index] = Int32(elements)
            place += (elements - place + tensor.elements + 3) & ~3
            region(plan.bytePlaces, of: Int32.self)[index] =
                Int32(tensor.bits == 8 ? elements : place)
            if tensor.bits < 8 { place += (tensor.height * Int(tensor.rowBytes) + 3) & ~3 }
        }
    }

    private func unpackWeights() {
        var place = plan.weights
        for index in 0..<block.header.layerCount {
            region(plan.weightPlaces, of: Int32.self)[index] = Int32(place)
            guard let packed = block.weights(of: block.layer(index)) else { continue }
            let numbers = region(place, of: Int8.self)
            let layer = block.layer(index)
            if packed.kernel.isRecurrent {
                let shape = RecurrentShape(
                    layer, packed.kernel, block.tensor(layer.input), block.tensor(layer.output))
                RecurrentWeights(block, layer, shape).unpack(to: numbers)
                place += (packed.columns + 3) & ~3
                continue
            }
            if packed.kernel.isSparse {
                for at in 0..<packed.outputs * packed.columns { numbers[at] = 0 }
                _ = SparseWeights(
                    block: block, kernel: packed.kernel, layer: layer, outputs: packed.outputs,
                    columns: packed.columns
                ).read { o, k, weight in numbers[o * packed.columns + k] = weight }
                place += (packed.outputs * packed.columns + 3) & ~3
                continue
            }
            for o in 0..<packed.outputs {
                for k in 0..<packed.columns { numbers[o * packed.columns + k] = packed[o, k] }
            }
            place += (packed.outputs * packed.columns + 3) & ~3
        }
    }
}
