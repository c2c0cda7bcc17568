// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Standard output for results, standard error for everything else.
enum Console {
    static func out(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    static func error(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    static var errorIsTerminal: Bool { isatty(FileHandle.standardError.fileDescriptor) != 0 }
}
