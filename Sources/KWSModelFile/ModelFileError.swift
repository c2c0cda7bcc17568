// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Why a model file was refused, or not written: the place in it, what was found there and what is
/// allowed.
package struct ModelFileError: InputError, Hashable, Sendable {
    /// What went wrong, as far as a caller's exit code depends on it.
    package enum Kind: Hashable, Sendable {
        /// There is no such file, or it cannot be read.
        case missing
        /// The bytes contradict themselves or their format.
        case invalid
        /// The file is sound, but asks for something that the library does not do.
        case unsupported
        /// The file is larger than a keyword spotter can be.
        case tooLarge
        /// The file cannot be written.
        case unwritable
    }

    package var kind: Kind
    package var file: String
    /// A byte offset, a field, or the name of a node or tensor; empty for the file as a whole.
    package var place: String
    package var found: String
    /// Empty where `found` says it all.
    package var allowed: String

    package init(
        _ kind: Kind = .invalid, file: String, place: String, found: String, allowed: String = ""
    ) {
        self.kind = kind
        self.file = file
        self.place = place
        self.found = found
        self.allowed = allowed
    }

    package var exitCode: Int32 { kind == .missing ? 66 : 65 }

    package var description: String {
        [file, place, allowed.isEmpty ? found : "\(found); allowed: \(allowed)"]
            .filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
