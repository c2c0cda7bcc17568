// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The `kwsc` that was built beside these tests.
enum Tool {
    struct Result {
        var code: Int32
        var output: String
        var error: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Its path; nil where it is not found.
    static let path: String? = {
        let arguments = CommandLine.arguments
        var starts = [arguments.first ?? ""]
        if let flag = arguments.firstIndex(of: "--test-bundle-path"), flag + 1 < arguments.count {
            starts.append(arguments[flag + 1])
        }
        for start in starts {
            var folder = URL(fileURLWithPath: start).deletingLastPathComponent()
            for _ in 0..<4 {
                let tool = folder.appendingPathComponent("kwsc").path
                if FileManager.default.isExecutableFile(atPath: tool) { return tool }
                folder.deleteLastPathComponent()
            }
        }
        return nil
    }()

    /// Runs it to its end.
    static func run(_ arguments: [String], input: [UInt8] = []) throws -> Result {
        ignoreBrokenPipes()
        let process = try make(arguments)
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        // Nobody may wait for a full pipe.
        DispatchQueue.global().async {
            try? stdin.fileHandleForWriting.write(contentsOf: Data(input))
            try? stdin.fileHandleForWriting.close()
        }
        let errors = DispatchGroup()
        let box = Box()
        errors.enter()
        DispatchQueue.global().async {
            box.data = stderr.fileHandleForReading.readDataToEndOfFile()
            errors.leave()
        }
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        errors.wait()
        return Result(
            code: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
            error: String(decoding: box.data, as: UTF8.self))
    }

    /// A member of the JSON object that a line is.
    static func member(_ key: String, of line: String) throws -> Any? {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return (object as? [String: Any])?[key]
    }

    static func make(_ arguments: [String]) throws -> Process {
        struct NoTool: Error {}
        guard let path else { throw NoTool() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        return process
    }

    /// Written by one queue, read after it has left its group.
    private final class Box: @unchecked Sendable {
        var data = Data()
    }
}
