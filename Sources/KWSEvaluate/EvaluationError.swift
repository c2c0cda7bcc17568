// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// What is wrong with data, a model or an emulated run, and where.
package struct EvaluationError: InputError, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The input is not what is allowed (exit code 65).
        case badData
        /// A file or folder does not exist (exit code 66).
        case noSuchFile
        /// A tool or the library failed (exit code 70).
        case failure
    }

    package var kind: Kind
    /// The file, folder or part.
    package var place: String
    /// What was found, and what is allowed.
    package var fact: String

    package init(_ kind: Kind, _ place: String, _ fact: String) {
        self.kind = kind
        self.place = place
        self.fact = fact
    }

    package var description: String { "\(place): \(fact)" }

    package var exitCode: Int32 {
        switch kind {
        case .badData: 65
        case .noSuchFile: 66
        case .failure: 70
        }
    }
}
