// SPDX-License-Identifier: Apache-2.0

/// What a parity run found.
package struct ParityReport: Sendable {
    package var model: String
    package var clips: Int
    /// Of audio, as the instances took it.
    package var samples: Int
    package var targets: [String]
    /// Inferences of the reference.
    package var inferences: Int
    /// Keywords that the reference heard.
    package var events: Int
    /// Features and layers.
    package var stages: Int
    /// Bytes that each target's last inferences were compared on.
    package var bytes: Int
    /// The first difference of each clip and target that has one, in the clips' order.
    package var mismatches: [ParityMismatch]

    private var seconds: Double { Double(samples) / Double(AudioFile.sampleRate) }

    package var json: JSON {
        .object([
            ("model", .string(model)),
            ("clips", .integer(clips)),
            ("seconds", .number(seconds)),
            ("targets", .array(targets.map { .string($0) })),
            ("mismatches", .integer(mismatches.count)),
            ("inferences", .integer(inferences)),
            ("events", .integer(events)),
            ("stages", .integer(stages)),
            ("bytes_per_target", .integer(bytes)),
            ("first_mismatch", mismatches.first?.json ?? .null),
        ])
    }

    package var text: String {
        let head =
            "\(model): \(clips) clips, \(JSON.decimal(seconds, digits: 1)) s, \(inferences) inferences, \(events) events, "
            + "\(stages) stages, \(bytes) bytes a target\n"
            + targets.map { target in
                let count = mismatches.filter { $0.target == target }.count
                return "  \(target): " + (count == 0 ? "same" : "\(count) clip(s) differ") + "\n"
            }.joined()
        return head + (mismatches.first.map { "first difference: \($0)\n" } ?? "")
    }
}
