// SPDX-License-Identifier: Apache-2.0

/// An error that the tool reports by its description and an exit code, because its cause lies in
/// what the user gave or in the machine, not in this program.
package protocol InputError: Error, CustomStringConvertible {
    /// 65 bad data, 66 no such file, 70 something the tool relies on failed.
    var exitCode: Int32 { get }
}

extension InputError {
    package var exitCode: Int32 { 65 }
}

extension GraphError: InputError {}
