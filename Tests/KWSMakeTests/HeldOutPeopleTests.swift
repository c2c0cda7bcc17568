// SPDX-License-Identifier: Apache-2.0
//
// Goal: nobody is heard in training who is held out, every word is held out, and the parts that come
// with a set stay. Method: made-up people, counted.

import KWSMake
import Testing

struct HeldOutPeopleTests {
    /// Each person says each word `times` times.
    func recordings(
        people: Int, words: [String], times: Int = 2, part: (Int) -> Recording.Part? = { _ in nil }
    ) -> [Recording] {
        (0..<people).flatMap { person in
            words.flatMap { word in
                (0..<times).map {
                    Recording(
                        path: "\(word)/\(person)_\($0)", kind: .word(word),
                        speaker: "p\(person)", part: part(person))
                }
            }
        }
    }

    func parts(_ recordings: [Recording]) -> [String: Set<Recording.Part?>] {
        Dictionary(grouping: recordings, by: \.speaker).mapValues { Set($0.map(\.part)) }
    }

    @Test(arguments: [1, 2, 3]) func everyoneServesOnePurpose(seed: UInt64) {
        var found = recordings(people: 40, words: ["on", "off"])
        // Half of them also say other things, and two others do.
        found += (20..<42).map { Recording(path: "x\($0)", kind: .other, speaker: "p\($0)") }
        found += (0..<10).map { Recording(path: "n\($0)", kind: .noise) }
        let people = HeldOutPeople(found, seed: seed)
        #expect(!people.isByRecording)
        for (speaker, parts) in parts(people.recordings) where !speaker.isEmpty {
            #expect(parts.count == 1 && !parts.contains(nil), "\(speaker)")
        }
        for kind in [Recording.Kind.word("on"), .word("off"), .other, .noise] {
            let own = people.recordings.filter { $0.kind == kind }
            for part in Recording.Part.allCases {
                #expect(own.contains { $0.part == part }, "\(kind) has no \(part)")
            }
            let tests = own.count { $0.part == .test }
            #expect(tests * 10 >= own.count && tests * 2 < own.count, "\(kind): \(tests)")
        }
        #expect(people.recordings == HeldOutPeople(found, seed: seed).recordings)
    }

    @Test func theSetsOwnPartsStay() {
        let found = recordings(people: 30, words: ["on"]) {
            $0 < 20 ? .train : $0 < 25 ? .val : .test
        }
        let people = HeldOutPeople(found, seed: 1)
        for (old, new) in zip(found, people.recordings) { #expect(old.part == new.part) }
    }

    @Test func validationIsKeptForTheTestWhereThereIsNone() {
        let found = recordings(people: 30, words: ["on"]) { $0 < 20 ? .train : .val }
        let people = HeldOutPeople(found, seed: 1)
        for (old, new) in zip(found, people.recordings) {
            #expect((old.part == .val) == (new.part == .test))
        }
        #expect(people.recordings.contains { $0.part == .val })
    }

    @Test func withoutNamesRecordingsAreHeldOut() {
        let found = (0..<50).map { Recording(path: "\($0)", kind: .word("on")) }
        let people = HeldOutPeople(found, seed: 1)
        #expect(people.isByRecording)
        #expect(people.recordings.count { $0.part == .test } == 10)
        #expect(people.recordings.count { $0.part == .val } == 4)
    }
}
