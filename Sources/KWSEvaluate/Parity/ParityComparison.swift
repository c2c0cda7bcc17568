// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// Compares what implementations computed, in the order in which it was computed.
struct ParityComparison: Sendable {
    let stages: [ParityLayer]

    /// The first difference of two traces, nil if they agree to the byte.
    func difference(
        expected: ParityTrace, found: ParityTrace, clip: String, target: String
    ) -> ParityMismatch? {
        func counts(_ stage: String, _ a: Int, _ b: Int) -> ParityMismatch? {
            a == b
                ? nil
                : ParityMismatch(
                    clip: clip, target: target, stage: stage, expected: "\(a)", found: "\(b)")
        }
        if let found = counts("samples accepted", expected.accepted, found.accepted) {
            return found
        }
        if let found = counts("inferences", expected.inferences, found.inferences) {
            return found
        }
        for (stage, tensors) in zip(stages, zip(expected.tensors, found.tensors))
        where !stage.isCompletedLater {
            let difference = self.difference(
                in: stage, expected: tensors.0, found: tensors.1, clip: clip, target: target)
            if let difference { return difference }
        }
        if let found = counts(
            "scores of all inferences", Int(expected.allScores.value), Int(found.allScores.value))
        {
            return found
        }
        if let found = counts("stages", expected.tensors.count, found.tensors.count) {
            return found
        }
        return eventDifference(expected.events, found.events, clip: clip, target: target)
    }

    /// The first differing byte of a stage.
    func difference(
        in stage: ParityLayer, expected: [UInt8], found: [UInt8], clip: String, target: String
    ) -> ParityMismatch? {
        guard expected.count == found.count else {
            return ParityMismatch(
                clip: clip, target: target, stage: stage.name,
                expected: "\(expected.count) bytes", found: "\(found.count)")
        }
        guard let element = expected.indices.first(where: { expected[$0] != found[$0] }) else {
            return nil
        }
        return ParityMismatch(
            clip: clip, target: target, stage: stage.name, element: element,
            position: stage.position(of: element), expected: "\(expected[element])",
            found: "\(found[element])")
    }

    func eventDifference(
        _ expected: [ParityTrace.Event], _ found: [ParityTrace.Event], clip: String, target: String
    ) -> ParityMismatch? {
        for index in 0..<max(expected.count, found.count) {
            let a = index < expected.count ? expected[index] : nil
            let b = index < found.count ? found[index] : nil
            guard a != b else { continue }
            return ParityMismatch(
                clip: clip, target: target, stage: "event \(index)", expected: Self.text(a),
                found: Self.text(b))
        }
        return nil
    }

    private static func text(_ event: ParityTrace.Event?) -> String {
        event.map {
            "keyword \($0.keyword), score \($0.score), samples \($0.startSample)..<\($0.endSample)"
        } ?? "none"
    }
}
