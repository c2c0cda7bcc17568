// SPDX-License-Identifier: Apache-2.0

/// What the reference refused, and where.
public struct ReferenceError: Error, Sendable {
    public let status: ReferenceStatus
    /// What is wrong, with what is allowed.
    public let fact: StaticString
    /// The number of the layer, tensor, label, ... that the fact is about; -1 if there is none.
    public let place: Int

    init(_ status: ReferenceStatus, _ fact: StaticString, at place: Int = -1) {
        self.status = status
        self.fact = fact
        self.place = place
    }
}

#if !hasFeature(Embedded)
    extension ReferenceError: CustomStringConvertible {
        public var description: String {
            place < 0 ? "\(fact) (\(status))" : "\(fact), number \(place) (\(status))"
        }
    }
#endif
