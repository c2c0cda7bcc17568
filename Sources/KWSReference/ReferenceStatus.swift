// SPDX-License-Identifier: Apache-2.0

/// Why the reference refused something; the numbers are those of `kws_status` in `kws.h`.
public enum ReferenceStatus: Int32, Hashable, Sendable {
    case null = -1
    case alignment = -2
    case memory = -3
    case magic = -4
    case format = -5
    case truncated = -6
    case checksum = -7
    case model = -8
    case kernel = -9
    case pack = -10
    case argument = -11
    case noFrontEnd = -12
}
