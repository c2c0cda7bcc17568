// SPDX-License-Identifier: Apache-2.0

/// How a run ends, after sysexits.h.
enum ExitCode: UInt32 {
    case done = 0
    /// The reference refuses a model that the library accepts.
    case refused = 1
    case usage = 64
    case badRequest = 65
    case noInput = 66
    case tooLarge = 70
    case cannotWrite = 74
}
