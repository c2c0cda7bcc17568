// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs NumPy where the machine has it.
enum Python {
    /// Whether `python3` can import NumPy.
    static let hasNumPy = (try? run(["-c", "import numpy"])) == 0

    private static func run(_ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Floats that a script writes to the file named by its last argument.
    static func rows(script: String, _ arguments: [String]) throws -> [Float] {
        let out = FileManager.default.temporaryDirectory
            .appendingPathComponent("kws-\(UUID().uuidString).f32")
        defer { try? FileManager.default.removeItem(at: out) }
        guard try run(["-c", script] + arguments + [out.path]) == 0 else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return try Data(contentsOf: out).withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self)
            }
        }
    }
}
