// SPDX-License-Identifier: Apache-2.0

/// How numbers are stored in a tensor of a file.
enum NumberType: Hashable, Sendable {
    case float64, float32, float16, bfloat16
    case int64, int32, int16, int8
    case uint64, uint32, uint16, uint8, bool

    var bytes: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// Decodes little-endian numbers; 64-bit kinds lose what a `Double` cannot hold.
    ///
    /// - Requires: `raw.count` is a multiple of `bytes`.
    func doubles(_ raw: ArraySlice<UInt8>) -> [Double] {
        raw.withUnsafeBytes { buffer in
            let count = buffer.count / bytes
            func each<T: FixedWidthInteger>(_ type: T.Type, _ convert: (T) -> Double) -> [Double] {
                (0..<count).map { i in
                    let stored = buffer.loadUnaligned(fromByteOffset: i * bytes, as: T.self)
                    return convert(T(littleEndian: stored))
                }
            }
            return switch self {
            case .float64: each(UInt64.self) { Double(bitPattern: $0) }
            case .float32: each(UInt32.self) { Double(Float(bitPattern: $0)) }
            case .float16: each(UInt16.self) { Self.half($0) }
            case .bfloat16: each(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
            case .int64: each(Int64.self) { Double($0) }
            case .int32: each(Int32.self) { Double($0) }
            case .int16: each(Int16.self) { Double($0) }
            case .int8: each(Int8.self) { Double($0) }
            case .uint64: each(UInt64.self) { Double($0) }
            case .uint32: each(UInt32.self) { Double($0) }
            case .uint16: each(UInt16.self) { Double($0) }
            case .uint8, .bool: each(UInt8.self) { Double($0) }
            }
        }
    }

    /// IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction; `Float16` is not on every host.
    private static func half(_ bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 31)
        let fraction = Double(bits & 1023)
        let magnitude: Double =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
            }
        return bits >> 15 == 1 ? -magnitude : magnitude
    }
}
