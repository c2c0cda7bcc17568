// SPDX-License-Identifier: Apache-2.0

// An oracle: models/reference.py of the data, run by python3.

internal import Foundation

enum PythonReference {
    static let data = ProcessInfo.processInfo.environment["KWS_DATA"]

    /// KWS_DATA is set and python3 imports NumPy.
    static let isAvailable: Bool = {
        guard let data, FileManager.default.fileExists(atPath: data + "/models/reference.py")
        else { return false }
        return (try? run(["-c", "import numpy"], input: Data())) != nil
    }()

    static func features(_ preset: String, _ pcm: [Int16]) throws -> [Double] {
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
            x = np.frombuffer(sys.stdin.buffer.read(), '<i2')
            sys.stdout.buffer.write(reference.\(call).astype('<f8').tobytes())
            """
        let input = pcm.withUnsafeBytes { Data($0) }
        let output = try run(["-c", program, (data ?? "") + "/models"], input: input)
        return output.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
    }

    struct Failed: Error {}

    private static func run(_ arguments: [String], input: Data) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let (feed, result) = (Pipe(), Pipe())
        process.standardInput = feed
        process.standardOutput = result
        try process.run()
        // One second is 32,000 bytes: the pipe holds it, whether or not it is read.
        feed.fileHandleForWriting.write(input)
        try feed.fileHandleForWriting.close()
        let output = result.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return output
    }
}
