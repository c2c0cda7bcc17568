// SPDX-License-Identifier: Apache-2.0

import KWSReference
import KeywordSpotter

extension KeywordSpotter {
    /// The scores of one inference.
    mutating func scores(of features: [Int8]) throws -> [Int8] {
        var scores = Array(repeating: Int8(0), count: classCount)
        try features.withUnsafeBufferPointer { features in
            try scores.withUnsafeMutableBufferPointer { scores in
                try infer(features: features, scores: scores)
            }
        }
        return scores
    }
}

extension ReferenceSpotter {
    /// The scores of one inference.
    mutating func scores(of features: [Int8]) throws -> [Int8] {
        var scores = Array(repeating: Int8(0), count: classCount)
        try features.withUnsafeBufferPointer { features in
            try scores.withUnsafeMutableBufferPointer { scores in
                try infer(features: features, scores: scores)
            }
        }
        return scores
    }
}
