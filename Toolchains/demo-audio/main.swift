// SPDX-License-Identifier: Apache-2.0
//
// demo-audio OUT.wav SEED SPACING MARGIN WORD.wav...
//
// Joins spoken items to one 16 kHz WAV over noise of -60 dBFS, one every SPACING seconds, with
// MARGIN seconds before and behind, and prints where each lies: start and end in seconds and the
// item's name, one line each.

import Foundation

func stop(_ message: String) -> Never {
    FileHandle.standardError.write(Data("demo-audio: \(message)\n".utf8))
    exit(65)
}

let words = CommandLine.arguments.dropFirst()
guard words.count >= 5, let seed = UInt64(words[2]), let spacing = Double(words[3]),
    let margin = Double(words[4])
else {
    stop("usage: demo-audio OUT.wav SEED SPACING MARGIN WORD.wav...")
}
let utterances = words.dropFirst(4).map { path in
    guard let wave = WaveFile(path: path) else { stop("\(path): not a WAV file of espeak-ng") }
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    return Utterance(name: name, wave)
}
let stream = Stream(
    utterances, spacing: spacing, margin: margin, floor: -60, seed: seed)
do {
    try WaveFile(samples: stream.samples, sampleRate: Stream.sampleRate).write(to: words[1])
} catch {
    stop("\(words[1]): \(error.localizedDescription)")
}
for place in stream.places {
    print(String(format: "%.3f %.3f %@", place.start, place.end, place.name))
}
