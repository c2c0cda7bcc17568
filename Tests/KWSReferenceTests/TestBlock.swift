// SPDX-License-Identifier: Apache-2.0

internal import KWSReference
internal import Testing

/// The bytes of a block, aligned to 4, that tests may spoil and seal again.
struct TestBlock {
    private var words: [UInt32]
    /// How many of the bytes the reader is told of.
    var count: Int

    init(_ bytes: [UInt8]) {
        words = Array(repeating: 0, count: (bytes.count + 3) / 4)
        count = bytes.count
        words.withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
        seal()
    }

    subscript(byte index: Int) -> UInt8 {
        get { words.withUnsafeBytes { $0[index] } }
        set { words.withUnsafeMutableBytes { $0[index] = newValue } }
    }

    subscript(half index: Int) -> UInt16 {
        get { words.withUnsafeBytes { $0.load(fromByteOffset: index, as: UInt16.self) } }
        set {
            words.withUnsafeMutableBytes {
                $0.storeBytes(of: newValue, toByteOffset: index, as: UInt16.self)
            }
        }
    }

    subscript(word index: Int) -> UInt32 {
        get { words[index / 4] }
        set { words[index / 4] = newValue }
    }

    /// Writes the CRC-32 that belongs to the bytes, computed bit by bit.
    mutating func seal() {
        guard count > 16 else { return }
        var register = UInt32.max
        for index in 16..<count {
            register ^= UInt32(self[byte: index])
            for _ in 0..<8 {
                register = register & 1 == 1 ? (register >> 1) ^ 0xEDB8_8320 : register >> 1
            }
        }
        self[word: 12] = ~register
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try words.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Runs `body` on an instance in memory of just the size it asks for, at an odd address,
    /// between guard bytes that nobody may touch.
    func withSpotter<Result>(
        _ body: (inout ReferenceSpotter) throws -> Result
    ) throws -> Result {
        try withBytes { block in
            let size = try ReferenceSpotter.requiredSize(of: block)
            let guardBytes = 65
            let all = UnsafeMutableRawBufferPointer.allocate(
                byteCount: size + 2 * guardBytes, alignment: 16)
            defer { all.deallocate() }
            all.initializeMemory(as: UInt8.self, repeating: 0xA5)
            let memory = UnsafeMutableRawBufferPointer(
                rebasing: all[guardBytes..<guardBytes + size])
            var spotter = try ReferenceSpotter(block: block, memory: memory)
            let result = try body(&spotter)
            let isWhole =
                all[..<guardBytes].allSatisfy { $0 == 0xA5 }
                && all[(guardBytes + size)...].allSatisfy { $0 == 0xA5 }
            #expect(isWhole, "guard bytes were written")
            return result
        }
    }
}

extension ReferenceSpotter {
    /// Pushes all samples, polling whenever no more fit, and then until nothing is left to do.
    mutating func hear(_ pcm: some Collection<Int16>) throws -> [ReferenceEvent] {
        let samples = Array(pcm)
        var events: [ReferenceEvent] = []
        var taken = 0
        while true {
            samples[taken...].withUnsafeBufferPointer { taken += push($0) }
            switch try poll() {
            case .idle:
                if taken == samples.count { return events }
            case .again: break
            case .event(let event): events.append(event)
            }
        }
    }

    mutating func run(_ features: [Int8]) throws -> [Int8] {
        var scores = [Int8](repeating: 0, count: classCount)
        try features.withUnsafeBufferPointer { features in
            try scores.withUnsafeMutableBufferPointer { scores in
                try infer(features: features, scores: scores)
            }
        }
        return scores
    }
}
