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

        var place = plan.tensors
        for index in 0..<block.header.tensorCount {
            region(plan.tensorPlaces, of: Int32.self)[index] = Int32(place)
            place += (block.tensor(index).elements + 3) & ~3
        }
        if let detector = block.detector {
            for keyword in 0..<detector.keywordCount {
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
        guard let detector = block.detector else { return }
        region(plan.posteriors, of: UInt8.self)
            .update(repeating: 0, count: detector.keywordCount * detector.smoothing)
    }

    var block: Block { state.pointee.block }
    var plan: MemoryPlan { state.pointee.plan }

    func region<Element>(_ offset: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
        (UnsafeMutableRawPointer(state) + offset).assumingMemoryBound(to: Element.self)
    }

    var thresholds: UnsafeMutablePointer<UInt16> { region(plan.thresholds, of: UInt16.self) }

    /// The elements of a tensor, in its own place.
    func elements(ofTensor index: Int) -> UnsafeMutableBufferPointer<Int8> {
        let place = Int(region(plan.tensorPlaces, of: Int32.self)[index])
        return UnsafeMutableBufferPointer(
            start: region(place, of: Int8.self), count: block.tensor(index).elements)
    }
}
