// SPDX-License-Identifier: Apache-2.0

internal import CKWS

/// An error of the library, by its pinned number in `kws.h`.
public enum SpotterError: Int32, Error, Sendable {
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
    case window = -13
    /// A number that this version of the Swift face doesn't know.
    case unknown = -2_147_483_648

    /// Explains the error in English; static, NUL-terminated.
    public var message: UnsafePointer<CChar> {
        kws_strerror(kws_status(rawValue: rawValue))
    }

    static func check(_ status: kws_status) throws(SpotterError) {
        guard status.rawValue < 0 else { return }
        throw SpotterError(rawValue: status.rawValue) ?? .unknown
    }
}

#if !hasFeature(Embedded)
    extension SpotterError: CustomStringConvertible {
        public var description: String { String(cString: message) }
    }
#endif
