// SPDX-License-Identifier: Apache-2.0

/// What one step of `ReferenceSpotter.poll()` did.
public enum ReferenceStep: Hashable, Sendable {
    /// Nothing to do until more audio arrives.
    case idle
    /// One step done; poll again.
    case again
    /// One step done, and a keyword was heard.
    case event(ReferenceEvent)
}
