// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Runs the Parity image of a board under QEMU.
struct Emulator: Sendable {
    let board: ParityBoard
    /// A run that takes longer is ended.
    var secondsMax = 900.0

    /// Answers a request.
    ///
    /// - Throws: if QEMU is missing, fails or takes too long, with what it wrote last.
    func run(_ request: ParityRequest, stages: Int) throws(EvaluationError) -> ParityResult {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kws-parity-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let bytes: [UInt8]
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            try Data(request.bytes).write(to: folder.appendingPathComponent("request"))
            try launch(in: folder)
            bytes = Array(try Data(contentsOf: folder.appendingPathComponent("result")))
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw EvaluationError(.failure, folder.path, "\(error)")
        }
        return try ParityResult(bytes, to: request, stages: stages, name: "\(board.name) result")
    }

    private func launch(in folder: URL) throws {
        let log = folder.appendingPathComponent("log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        defer { try? output.close() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "qemu-system-arm", "-M", board.machine, "-display", "none", "-monitor", "none",
            "-serial", "none", "-kernel", URL(fileURLWithPath: board.image).path,
            "-semihosting-config", "enable=on,target=native,arg=Parity,arg=request,arg=result",
        ]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        if ended.wait(timeout: .now() + secondsMax) == .timedOut {
            process.terminate()
            throw EvaluationError(
                .failure, board.name, "the emulated run takes longer than \(Int(secondsMax)) s")
        }
        let status = process.terminationStatus
        guard status == 0 else {
            let text = String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self)
            throw EvaluationError(
                .failure, board.name,
                status == 127
                    ? "no qemu-system-arm; 'Toolchains/run setup' installs it"
                    : "the firmware ends with code \(status): \(text.suffix(500))")
        }
    }
}
