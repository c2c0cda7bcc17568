// SPDX-License-Identifier: Apache-2.0

import Board
import CKWS
import Semihosting

/// Runs the clips of a request through the C library and the Swift reference on this core.
@main
struct ParityMain {
    static func main() {
        Semihosting.exit(run().rawValue)
    }

    private static func run() -> ExitCode {
        var pool = Pool()
        let longest = 1024
        guard let text = pool.take(UInt8.self, count: longest),
            let line = Semihosting.commandLine(into: text),
            let words = CommandLineWords(line),
            words.count == 2
        else {
            Console.print("usage: Parity REQUEST RESULT\n")
            return .usage
        }
        guard let input = HostFile(path: words.word(0), length: words.length(of: 0), mode: .read)
        else {
            Console.print("parity: cannot open the request\n")
            return .noInput
        }
        guard let request = Request(from: input) else {
            Console.print("parity: not a request of version 1\n")
            return .badRequest
        }
        guard let output = HostFile(path: words.word(1), length: words.length(of: 1), mode: .write)
        else {
            Console.print("parity: cannot open the result\n")
            return .noInput
        }
        guard let buffer = pool.take(bytes: 1 << 16) else { return .tooLarge }
        var result = ResultFile(output, buffer: buffer)
        let code = Session.run(request, from: input, to: &result, pool: &pool)
        return result.failed ? .cannotWrite : code
    }
}
