// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
internal import KWSEmit
internal import KWSEvaluate

let listenCommand = Command(
    name: "listen", usage: "WAV|- --model MODEL",
    summary: "Prints every keyword heard in a recording, or in raw PCM from standard input (16-bit "
        + "little-endian, mono, 16 kHz), as it comes.",
    options: [.init("--model", "MODEL", "the model to listen with: a float model, or a .kwsb")]
        + modelOptions + [
            .init("--threshold", "T", "detection threshold of every keyword, 0 to 1"),
            .init("--json", nil, "print one JSON object a line"),
        ],
    positionals: 1...1
) { arguments in
    let threshold = try arguments.threshold()
    let asJSON = arguments.flag("--json")
    let block = try listeningBlock(arguments)
    let input = arguments.positionals[0]
    func report(_ heard: HeardKeyword) {
        Console.out((asJSON ? heard.json.text : heard.text) + "\n")
    }
    try block.withSpotter { spotter throws(EvaluationError) in
        if let threshold { try spotter.setThresholds(threshold) }
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

/// The block of `--model`: compiled now, or as `kwsc compile` wrote it.
private func listeningBlock(_ arguments: Arguments) throws -> LoadedBlock {
    let path = try arguments.required("--model")
    guard path.hasSuffix(".kwsb") else {
        let model = try compile(arguments, path: path).compilation
        return try LoadedBlock(model.block.bytes, name: model.model.name)
    }
    guard let file = FileManager.default.contents(atPath: path) else {
        let exists = FileManager.default.fileExists(atPath: path)
        throw EvaluationError(
            exists ? .badData : .noSuchFile, path, exists ? "not a file" : "no such file")
    }
    return try LoadedBlock([UInt8](file), name: path)
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
