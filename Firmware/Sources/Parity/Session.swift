// SPDX-License-Identifier: Apache-2.0

import CKWS
import KWSNumerics
import KWSReference
import Semihosting

/// One request from its block to its last clip.
enum Session {
    static func run(
        _ request: Request, from file: borrowing HostFile, to result: inout ResultFile,
        pool: inout Pool
    ) -> ExitCode {
        guard let block = pool.take(bytes: request.blockBytes.filledUp) else { return tooLarge() }
        guard file.fill(block), let base = block.baseAddress else { return truncated() }

        var model = kws_model()
        kws_model_load(&model, base, UInt32(request.blockBytes))
        return withUnsafePointer(to: model) { model in
            let check = kws_model_check(model)
            if check != KWS_OK {
                Console.print("parity: the library refuses the model: ")
                Console.print(kws_strerror(check))
                Console.print("\n")
                return refuse(request, check, to: &result)
            }
            guard
                var recorder = Recorder(block: base, keepsValues: request.dumps, pool: &pool)
            else { return tooLarge() }
            result.writeHead(
                request, layers: UInt32(recorder.tensors.count - 1),
                classes: UInt32(recorder.scores.count))
            return withUnsafeMutablePointer(to: &recorder) { recorder in
                guard
                    let library = LibraryRunner(model: model, recorder: recorder, pool: &pool)
                else { return tooLarge() }
                do throws(ReferenceError) {
                    var reference = try ReferenceRunner(
                        block: UnsafeRawBufferPointer(
                            rebasing: UnsafeRawBufferPointer(block)[..<request.blockBytes]),
                        recorder: recorder, pool: &pool)
                    return clips(
                        request, from: file, library, &reference, recorder, to: &result,
                        pool: &pool)
                } catch {
                    Console.print("parity: the reference refuses the model: ")
                    Console.print(error.fact)
                    Console.print("\n")
                    return error.status == .memory ? .tooLarge : .refused
                }
            }
        }
    }

    /// Reads and runs clip after clip.
    private static func clips(
        _ request: Request, from file: borrowing HostFile, _ library: LibraryRunner,
        _ reference: inout ReferenceRunner, _ recorder: UnsafeMutablePointer<Recorder>,
        to result: inout ResultFile, pool: inout Pool
    ) -> ExitCode {
        for clip in 0..<request.clipCount {
            let sizes = ChunkSizes(fixed: request.chunk, seed: clip)
            let continues = request.isStream && clip > 0
            let mark = pool.mark
            var count: UInt32 = 0
            let complete = withUnsafeMutableBytes(of: &count) { file.fill($0) }
            guard complete else { return truncated() }
            let size = request.takesFeatures ? 1 : 2
            guard let bytes = pool.take(bytes: (Int(count) * size).filledUp) else {
                return tooLarge()
            }
            guard file.fill(bytes) else { return truncated() }
            let exact = UnsafeRawBufferPointer(rebasing: bytes[..<(Int(count) * size)])

            if request.wants(.library) {
                recorder.pointee.clear()
                let status =
                    request.takesFeatures
                    ? library.run(features: exact.bindMemory(to: Int8.self))
                    : library.run(
                        samples: exact.bindMemory(to: Int16.self), sizes, continues: continues)
                result.write(
                    clip: clip, .library, status: status, recorder, dumps: request.dumps)
            }
            if request.wants(.reference) {
                recorder.pointee.clear()
                let status =
                    request.takesFeatures
                    ? reference.run(features: exact.bindMemory(to: Int8.self))
                    : reference.run(
                        samples: exact.bindMemory(to: Int16.self), sizes, continues: continues)
                result.write(
                    clip: clip, .reference, status: status, recorder, dumps: request.dumps)
            }
            pool.release(to: mark)
            if (clip + 1) % 10 == 0 {
                Console.print("parity: ")
                Console.print(clip + 1)
                Console.print(" clips\n")
            }
        }
        return .done
    }

    /// Writes a result whose records all carry the model's error.
    private static func refuse(
        _ request: Request, _ status: kws_status, to result: inout ResultFile
    ) -> ExitCode {
        result.writeHead(request, layers: 0, classes: 0)
        for clip in 0..<request.clipCount {
            if request.wants(.library) {
                result.write(
                    clip: clip, .library, status: status.rawValue, nil, dumps: request.dumps)
            }
            if request.wants(.reference) {
                result.write(
                    clip: clip, .reference, status: status.rawValue, nil, dumps: request.dumps)
            }
        }
        return .done
    }

    private static func truncated() -> ExitCode {
        Console.print("parity: the request ends too early\n")
        return .badRequest
    }

    private static func tooLarge() -> ExitCode {
        Console.print("parity: the board's memory is too small for this request\n")
        return .tooLarge
    }
}

extension Int {
    /// The number filled up to a multiple of four.
    var filledUp: Int { (self + 3) & ~3 }
}
