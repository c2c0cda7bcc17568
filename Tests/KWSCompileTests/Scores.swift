// SPDX-License-Identifier: Apache-2.0

import KWSReference
import KeywordSpotter

extension KeywordSpotter {
    /// The scores of one inference, as they are inside: q, not q - 128.
    mutating func scores(of features: [UInt8]) throws -> [UInt8] {
        let features = features.map { Int8(bitPattern: $0 ^ 128) }
        var scores = Array(repeating: Int8(0), count: classCount)
        try features.withUnsafeBufferPointer { features in
            try scores.withUnsafeMutableBufferPointer { scores in
                try infer(features: features, scores: scores)
            }
        }
        return scores.map { UInt8(bitPattern: $0) ^ 128 }
    }
}

extension ReferenceSpotter {
    /// The scores of one inference, as they are inside: q, not q - 128.
    ///
    /// - Parameter goesOn: whether what the inference before has left is there.
    mutating func scores(of features: [UInt8], goesOn: Bool = false) throws -> [UInt8] {
        let features = features.map { Int8(bitPattern: $0 ^ 128) }
        var scores = Array(repeating: Int8(0), count: classCount)
        try features.withUnsafeBufferPointer { features in
            try scores.withUnsafeMutableBufferPointer { scores in
                goesOn
                    ? try inferNext(features: features, scores: scores)
                    : try infer(features: features, scores: scores)
            }
        }
        return scores.map { UInt8(bitPattern: $0) ^ 128 }
    }
}
