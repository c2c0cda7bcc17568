// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// Why training cannot go on: the place, what was found there and what is allowed.
package struct TrainingError: InputError, Hashable, Sendable {
    /// Such as "epoch 3, step 412" or "checkpoint run.safetensors, metadata".
    package var place: String
    package var found: String
    package var allowed: String

    package init(place: String, found: String, allowed: String) {
        self.place = place
        self.found = found
        self.allowed = allowed
    }

    package var description: String { "\(place): \(found); allowed: \(allowed)" }
}
