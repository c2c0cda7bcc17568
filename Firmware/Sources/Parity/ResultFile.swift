// SPDX-License-Identifier: Apache-2.0

import CKWS
import KWSNumerics
import Semihosting

/// The result file; `Firmware/README.md` has the format. Collects a record, then writes it.
struct ResultFile: ~Copyable {
    static let magic: UInt32 = 0x5253_574B
    static let version: UInt32 = 2

    private let file: HostFile
    private let buffer: UnsafeMutableRawBufferPointer
    private var used = 0
    private(set) var failed = false

    init(_ file: consuming HostFile, buffer: UnsafeMutableRawBufferPointer) {
        self.file = file
        self.buffer = buffer
    }

    mutating func writeHead(_ request: Request, layers: UInt32, classes: UInt32) {
        add(ResultFile.magic)
        add(ResultFile.version)
        add((request.dumps ? 1 : 0) | (request.isStream ? 2 : 0))
        add(request.implementations)
        add(request.takesFeatures ? 1 : 0)
        add(layers)
        add(classes)
        add(request.clipCount)
        flush()
    }

    /// Writes the record of a clip that ran; `recorder` nil: none could be made.
    mutating func write(
        clip: UInt32, _ implementation: Implementation, status: Int32,
        _ recorder: UnsafeMutablePointer<Recorder>?, dumps: Bool
    ) {
        add(clip)
        add(implementation.rawValue)
        add(UInt32(bitPattern: status))
        guard let recorder else {
            // Accepted, inferences, events, all scores, and the input's checksum and count.
            for _ in 0..<6 { add(0) }
            if dumps { add(0) }
            flush()
            return
        }
        if status != KWS_OK.rawValue { recorder.pointee.clear() }
        let seen = recorder.pointee
        add(seen.accepted)
        add(seen.inferences)
        add(UInt32(seen.eventCount))
        add(seen.allScores.value)
        for tensor in seen.tensors {
            add(tensor.checksum)
            add(tensor.seen)
        }
        add(UnsafeRawBufferPointer(seen.scores))
        for event in seen.events[..<seen.eventCount] {
            add(event.start_sample)
            add(event.end_sample)
            add(UInt32(event.keyword) | UInt32(event.score) << 16)
        }
        if dumps {
            for tensor in seen.tensors {
                add(tensor.bytes)
                if let values = tensor.values { add(UnsafeRawBufferPointer(values)) }
            }
        }
        flush()
    }

    private mutating func add(_ word: UInt32) {
        if buffer.count - used < 4 { flush() }
        buffer.storeBytes(of: word, toByteOffset: used, as: UInt32.self)
        used += 4
    }

    /// Adds bytes and fills up to a multiple of four.
    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            if used == buffer.count { flush() }
            buffer[used] = byte
            used += 1
        }
        while used % 4 != 0 {
            buffer[used] = 0
            used += 1
        }
    }

    private mutating func flush() {
        if used > 0 && !file.write(UnsafeRawBufferPointer(rebasing: buffer[..<used])) {
            failed = true
        }
        used = 0
    }
}
