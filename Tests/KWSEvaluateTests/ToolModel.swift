// SPDX-License-Identifier: Apache-2.0

import KWSTestModels

/// A model file written by hand: hears "loud" where the mean log-mel of a second is above 1/2.
enum ToolModel {
    /// Writes `loud.safetensors` and its description into a folder and returns the former's path.
    static func write(to folder: String) throws -> String {
        let weights = Array(repeating: Float(0.05), count: 1200) + Array(repeating: 0, count: 1200)
        let numbers: [Float] = weights + [-30, 0]
        let header =
            #"{"w":{"dtype":"F32","shape":[2,1200],"data_offsets":[0,9600]},"#
            + #""b":{"dtype":"F32","shape":[2],"data_offsets":[9600,9608]}}"#
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
        bytes += Array(header.utf8)
        for number in numbers {
            bytes += (0..<4).map {
                UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0)))
            }
        }
        let description = """
            {
              "name": "loud", "labels": ["loud", "quiet"], "keywords": ["loud"],
              "frontEnd": "mlperf-logmel",
              "detection": {"stride": 1, "smoothing": 1, "threshold": 0.8},
              "topology": {"input": [30, 40, 1], "layers": [
                {"kind": "flatten"},
                {"kind": "dense", "weights": "w", "axes": "oi", "bias": "b"}
              ]}
            }
            """
        try KWSEvaluateTests.write(bytes, to: "\(folder)/loud.safetensors")
        try KWSEvaluateTests.write(Array(description.utf8), to: "\(folder)/loud.kws.json")
        return "\(folder)/loud.safetensors"
    }

    /// Three loud clips, of which one is labelled quiet, and one that is quiet.
    static func dataSet(in folder: String) throws -> String {
        let loud = TestSound.noise(16_000, amplitude: 20_000, seed: 1)
        for (path, samples) in [
            ("loud/a_nohash_0.wav", loud), ("loud/b_nohash_0.wav", loud),
            ("quiet/a_nohash_0.wav", [Int16](repeating: 0, count: 16_000)),
            ("quiet/b_nohash_1.wav", loud),
        ] {
            try KWSEvaluateTests.write(
                WAVBytes(samples: samples).bytes, to: "\(folder)/set/\(path)")
        }
        return "\(folder)/set"
    }
}
