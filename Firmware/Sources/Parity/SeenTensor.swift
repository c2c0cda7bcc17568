// SPDX-License-Identifier: Apache-2.0

import KWSNumerics

/// What was seen of one tensor during an inference.
struct SeenTensor: BitwiseCopyable {
    /// Elements of the whole tensor.
    let elements: UInt32
    /// Where the elements go in a dump.
    let values: UnsafeMutableBufferPointer<Int8>?
    var checksum: UInt32 = 0
    /// Elements of the rows reported.
    var seen: UInt32 = 0

    init(elements: UInt32, values: UnsafeMutableBufferPointer<Int8>?) {
        self.elements = elements
        self.values = values
    }

    /// Takes the elements from position `first` on; what lies outside the tensor is not kept.
    mutating func add(first: UInt32, _ row: UnsafeBufferPointer<Int8>) {
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
