// SPDX-License-Identifier: Apache-2.0
//
// Goal: rooms sound as the image method has it. Method: the nearest images by hand, rooms of other
// walls, words placed in them.

import Foundation
import KWSEvaluate
import KWSNumerics
import Testing

struct RoomTests {
    private func room(_ reflection: Double) -> Room {
        Room(
            size: [4, 5, 3], speaker: [1, 2, 1.5], microphone: [3, 2, 1.5], reflection: reflection)
    }

    @Test func wallsThatSwallowAllLeaveTheDirectSound() {
        #expect(room(0).response(samples: 4000) == [1] + Array(repeating: 0, count: 3999))
    }

    @Test func theFirstEchoesComeFromTheMirrors() {
        let response = room(0.5).response(samples: 120)
        // The direct way is 2 m: 93.29 samples. Mirrors at x = -1 and x = 7 are 4 m away, at
        // y = -2 and 8 sqrt(4 + 16) and sqrt(4 + 36), at z = -1.5 and 4.5 both sqrt(4 + 9).
        var expected = Array(repeating: Float(0), count: 120)
        expected[0] = 1
        for distance in [4.0, 4, 20.0.squareRoot(), 13.0.squareRoot(), 13.0.squareRoot()] {
            expected[Int(((distance - 2) * 16000 / 343).rounded())] += Float(0.5 * 2 / distance)
        }
        // Images of two reflections are sqrt(16 + 9) m away or farther: 140 samples behind.
        for (found, expected) in zip(response, expected) { #expect(abs(found - expected) < 1e-6) }
    }

    @Test func harderWallsRingLonger() {
        func tail(_ reverberation: Double) -> Double {
            var random = SplitMix64(seed: 4)
            let response = Room(reverberation: reverberation, &random).response(samples: 8000)
            let powers = response.map { Double($0) * Double($0) }
            return powers[1600...].reduce(0, +) / powers.reduce(0, +)
        }
        let tails = [0.1, 0.3, 0.6].map(tail)
        #expect(tails[0] < tails[1] && tails[1] < tails[2])
        // 60 dB in 0.1 s is what 0.1 s is; Sabine's formula says too much for walls so soft.
        #expect(tails[0] < 1e-3)
    }

    @Test func wordsStayWhereTheyWere() throws {
        var recipe = StreamRecipe()
        recipe.snr = 60...60
        recipe.rooms = Rooms(share: 1, reverberation: 0.2...0.4, seed: 1)
        func maker(_ recipe: StreamRecipe) throws -> StreamMaker {
            try StreamMaker(
                recipe, clips: [("burst", "w", StreamTests.burst)],
                noises: [("white", StreamTests.noise)])
        }
        let echoing = try maker(recipe).stream(2)
        #expect(try maker(recipe).stream(2) == echoing)
        recipe.rooms = nil
        let plain = try maker(recipe).stream(2)
        #expect(echoing.words == plain.words && echoing.samples != plain.samples)
        let word = try #require(echoing.words.first).spoken
        func power(_ stream: SimulatedStream, _ range: Range<Int>) -> Double {
            stream.samples[range].reduce(0) { $0 + Double($1) * Double($1) }
        }
        // As loud while it is spoken, to a rounding of samples of 500 and more, and noise of -60 dB.
        #expect(abs(power(echoing, word) / power(plain, word) - 1) < 0.05)
        let behind = word.upperBound + 320..<word.upperBound + 1600
        #expect(power(echoing, behind) > 10 * power(plain, behind))
        let before = word.lowerBound - 1600..<word.lowerBound
        #expect(abs(power(echoing, before) / power(plain, before) - 1) < 0.05)
    }
}
