// SPDX-License-Identifier: Apache-2.0

/// A field of a front end definition that cannot be used, what was found, and what is allowed.
package struct FrontEndError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field's name, as in `FrontEndDefinition`.
    package var field: String
    package var found: String
    package var allowed: String

    package init(field: String, found: String, allowed: String) {
        self.field = field
        self.found = found
        self.allowed = allowed
    }

    package var description: String { "front end \(field): found \(found), allowed \(allowed)" }
}
