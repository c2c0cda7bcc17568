// SPDX-License-Identifier: Apache-2.0

internal import KWSNumerics

/// Gives every recording its part, so that nobody is heard in training who is heard in a test.
///
/// Where the recordings of the words come with parts, those stay: a set with training and validation
/// parts only keeps the latter for the test. Else a fifth of the people, drawn at random, is kept for
/// the test. A tenth of those that are left serves to choose.
package struct HeldOutPeople: Sendable {
    package let recordings: [Recording]
    /// Whether there were no people to hold out: single recordings stand for them.
    package let isByRecording: Bool

    package init(_ found: [Recording], seed: UInt64) {
        var recordings = found
        let speakers = Set(found.filter(\.isWord).map(\.speaker))
        // Below ten people a fifth of them is one voice or none.
        isByRecording = speakers.contains("") || speakers.count < 10
        let isByRecording = isByRecording
        func person(_ recording: Recording) -> String {
            isByRecording || recording.speaker.isEmpty ? recording.path : recording.speaker
        }
        let given = Set(found.filter(\.isWord).compactMap(\.part))
        let hasTest = given.contains(.test)
        let hasParts = given.contains(.train) && (hasTest || given.contains(.val))
        for index in recordings.indices {
            switch recordings[index].part {
            case .val? where hasParts && !hasTest: recordings[index].part = .test
            case _? where !hasParts: recordings[index].part = nil
            default: break
            }
        }

        // One part a person: the most distant from training.
        var parts: [String: Recording.Part] = [:]
        for recording in recordings {
            guard let part = recording.part else { continue }
            let order = Recording.Part.allCases
            let old = parts[person(recording)] ?? .train
            let isFarther = (order.firstIndex(of: part) ?? 0) >= (order.firstIndex(of: old) ?? 0)
            parts[person(recording)] = isFarther ? part : old
        }
        var random = SplitMix64(seed: seed)
        // Kind by kind, word by word: each gets its share of every part.
        let kinds = Set(recordings.map(\.kind)).sorted { $0.order < $1.order }
        for kind in kinds {
            let people = Set(recordings.filter { $0.kind == kind }.map(person)).sorted()
            var free = people.filter { parts[$0] == nil }
            free.shuffle(using: &random)
            let tests = (people.count + 4) / 5 - people.count { parts[$0] == .test }
            for (number, name) in free.enumerated() {
                parts[name] = number < tests ? .test : .train
            }
            var learners = people.filter { parts[$0] == .train }
            learners.shuffle(using: &random)
            let choosers = (learners.count + 9) / 10 - people.count { parts[$0] == .val }
            for name in learners.prefix(max(0, choosers)) { parts[name] = .val }
        }
        for index in recordings.indices {
            recordings[index].part = parts[person(recordings[index])]
        }
        self.recordings = recordings
    }
}

extension Recording {
    var isWord: Bool { word != nil }
}

extension Recording.Kind {
    /// What kinds are sorted by.
    fileprivate var order: String {
        switch self {
        case .word(let word): "word \(word)"
        case .other: "other"
        case .noise: "noise"
        }
    }
}
