// SPDX-License-Identifier: Apache-2.0

/// The first difference between the Swift reference and another implementation on a clip.
package struct ParityMismatch: Hashable, Sendable, CustomStringConvertible {
    /// The clip's file.
    package var clip: String
    /// Such as "host-c" or "cortex-m4-swift".
    package var target: String
    /// "features", a layer's number and name, "events", "inferences" or "samples accepted".
    package var stage: String
    /// The byte in memory order and where that is; nil where the stage has no elements.
    package var element: Int?
    package var position: String?
    package var expected: String
    package var found: String

    package init(
        clip: String, target: String, stage: String, element: Int? = nil, position: String? = nil,
        expected: String, found: String
    ) {
        self.clip = clip
        self.target = target
        self.stage = stage
        self.element = element
        self.position = position
        self.expected = expected
        self.found = found
    }

    package var description: String {
        let place = element.map { ", element \($0) [\(position ?? "")]" } ?? ""
        return "\(clip): \(target): \(stage)\(place): expected \(expected), found \(found)"
    }

    package var json: JSON {
        .object([
            ("clip", .string(clip)), ("target", .string(target)), ("stage", .string(stage)),
            ("element", element.map { .integer($0) } ?? .null),
            ("position", position.map { .string($0) } ?? .null),
            ("expected", .string(expected)), ("found", .string(found)),
        ])
    }
}
