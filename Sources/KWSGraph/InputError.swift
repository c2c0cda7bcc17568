// SPDX-License-Identifier: Apache-2.0

/// An error that lies in what the user gave, not in this program: the tool prints its description
/// and exits with 65, or 66 for a file that is not there.
package protocol InputError: Error, CustomStringConvertible {
    var isMissingFile: Bool { get }
}

extension InputError {
    package var isMissingFile: Bool { false }
}

extension GraphError: InputError {}
