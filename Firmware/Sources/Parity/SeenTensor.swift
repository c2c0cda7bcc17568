// SPDX-License-Identifier: Apache-2.0

import KWSNumerics

/// What was seen of one tensor during an inference.
struct SeenTensor: BitwiseCopyable {
    /// Of the whole tensor, as it is stored.
    let bytes: UInt32
    /// Where the bytes go in a dump.
    let values: UnsafeMutableBufferPointer<UInt8>?
    var checksum: UInt32 = 0
    /// Bytes of the rows reported.
    var seen: UInt32 = 0

    init(bytes: UInt32, values: UnsafeMutableBufferPointer<UInt8>?) {
        self.bytes = bytes
        self.values = values
    }

    /// Takes the bytes from position `first` on; what lies outside the tensor is not kept.
    mutating func add(first: UInt32, _ row: UnsafeBufferPointer<UInt8>) {
        var sum = PositionChecksum()
        sum.add(firstPosition: first, values: row)
        checksum &+= sum.value
        seen &+= UInt32(row.count)
        guard let values, Int(first) + row.count <= values.count else { return }
        for i in row.indices { values[Int(first) + i] = row[i] }
    }

    mutating func forget() {
        checksum = 0
        seen = 0
        values?.update(repeating: 0)
    }
}
