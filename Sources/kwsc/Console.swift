// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Standard output for results, standard error for everything else.
enum Console {
    /// Ends the program if nobody can take the text: a full disk, a closed pipe.
    static func out(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            Console.error("kwsc: standard output: \(error.localizedDescription)\n")
            exit(ExitCode.internalError.rawValue)
        }
    }

    static func error(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    static var errorIsTerminal: Bool { isatty(FileHandle.standardError.fileDescriptor) != 0 }
}
