// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Another program, run to its end.
struct ToolRun {
    var executable: String
    var arguments: [String]
    /// Added to this tool's own.
    var environment: [String: String] = [:]

    /// - Returns: its exit code and all that it wrote.
    /// - Throws: if it cannot be started, or takes longer.
    func run(secondsMax: Double) throws(EvaluationError) -> (code: Int32, output: String) {
        let log = FileManager.default.temporaryDirectory
            .appendingPathComponent("kws-log-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: log) }
        do {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
            let output = try FileHandle(forWritingTo: log)
            defer { try? output.close() }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: executable)
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment
                .merging(environment) { $1 }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output
            process.standardError = output
            let ended = DispatchSemaphore(value: 0)
            process.terminationHandler = { _ in ended.signal() }
            try process.run()
            if ended.wait(timeout: .now() + secondsMax) == .timedOut {
                process.terminate()
                throw EvaluationError(
                    .failure, executable, "takes longer than \(Int(secondsMax)) s")
            }
            let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
            return (process.terminationStatus, text)
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw EvaluationError(.failure, executable, "\(error)")
        }
    }
}
