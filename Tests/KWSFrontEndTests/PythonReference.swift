// SPDX-License-Identifier: Apache-2.0

// An oracle: models/reference.py of the data, run by python3.

internal import Foundation

enum PythonReference {
    static let data = ProcessInfo.processInfo.environment["KWS_DATA"]

    /// KWS_DATA is set and python3 imports NumPy.
    static let isAvailable: Bool = {
        guard let data, FileManager.default.fileExists(atPath: data + "/models/reference.py")
        else { return false }
        return (try? run(["-c", "import numpy"])) != nil
    }()

    /// The features of every clip, by one run of the program.
    static func features(_ preset: String, _ clips: [[Int16]]) throws -> [[Double]] {
        let call =
            switch preset {
            case "mlperf-mfcc": "mlperf_mfcc(x)"
            case "arm-mfcc-20ms": "arm_mfcc(x, 320)"
            case "arm-mfcc-40ms": "arm_mfcc(x, 640)"
            default: "streaming_lfbe(x)"
            }
        let program = """
            import sys, numpy as np
            sys.dont_write_bytecode = True
            sys.path.insert(0, sys.argv[1])
            import reference
            with open(sys.argv[2], 'rb') as f:
                for count in map(int, sys.argv[3:]):
                    x = np.frombuffer(f.read(2 * count), '<i2')
                    sys.stdout.buffer.write(reference.\(call).astype('<f8').tobytes())
            """
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("kws-\(UUID().uuidString).pcm")
        defer { try? FileManager.default.removeItem(at: file) }
        try clips.reduce(into: Data()) { data, pcm in
            pcm.withUnsafeBytes { data.append(contentsOf: $0) }
        }.write(to: file)

        let output = try run(
            ["-c", program, (data ?? "") + "/models", file.path] + clips.map { "\($0.count)" })
        let numbers = output.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 8).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: Double.self)
            }
        }
        let each = numbers.count / max(1, clips.count)
        return clips.indices.map { Array(numbers[$0 * each..<($0 + 1) * each]) }
    }

    struct Failed: Error {}

    private static func run(_ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let result = Pipe()
        process.standardOutput = result
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = result.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return output
    }
}
