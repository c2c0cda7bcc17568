// SPDX-License-Identifier: Apache-2.0

/// What is compared with the host, by the bits of a request.
enum Implementation: UInt32 {
    case library = 1
    case reference = 2
}
