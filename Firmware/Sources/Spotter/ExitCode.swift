// SPDX-License-Identifier: Apache-2.0

/// How a run ends, after sysexits.h.
enum ExitCode: UInt32 {
    case done = 0
    case usage = 64
    case badInput = 65
    case noInput = 66
    case failed = 70
}
