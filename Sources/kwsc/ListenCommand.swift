// SPDX-License-Identifier: Apache-2.0

internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate

let listenCommand = Command(
    name: "listen", usage: "WAV|- --model MODEL",
    summary: "Prints every keyword heard in a recording, or in raw PCM from standard input (16-bit "
        + "little-endian, mono, 16 kHz), as it comes.",
    options: [.init("--model", "MODEL", "the model to listen with")] + modelOptions + [
        .init("--threshold", "T", "detection threshold of every keyword, 0 to 1"),
        .init("--json", nil, "print one JSON object a line"),
    ],
    positionals: 1...1
) { arguments in
    let threshold = try arguments.threshold()
    let asJSON = arguments.flag("--json")
    let model = try compile(arguments, path: arguments.required("--model")).compilation
    let block = try LoadedBlock(model.block.bytes, name: model.model.name)
    let input = arguments.positionals[0]
    func report(_ heard: HeardKeyword) {
        Console.out((asJSON ? heard.json.text : heard.text) + "\n")
    }
    try block.withSpotter { spotter throws(EvaluationError) in
        if let threshold { try spotter.setAll(threshold) }
        var listener = try Listener(spotter)
        guard input == "-" else {
            let samples = try AudioFile.read(input)
            try listener.hear(samples[...], with: &spotter, report)
            return
        }
        var stream = PCMStream()
        while let samples = try stream.next() {
            try listener.hear(samples[...], with: &spotter, report)
        }
    }
    return .done
}

extension HeardKeyword {
    /// Seconds from the start of the audio.
    private func seconds(_ sample: Int) -> Double {
        Double(sample) / Double(AudioFile.sampleRate)
    }

    fileprivate var json: JSON {
        .object([
            ("keyword", .string(keyword)), ("score", .number(score)),
            ("time", .number(seconds(endSample))), ("start", .number(seconds(startSample))),
        ])
    }

    fileprivate var text: String {
        "\(JSON.decimal(seconds(endSample), digits: 2)) s  \(keyword)  "
            + "\(JSON.decimal(score, digits: 3))"
    }
}
