// SPDX-License-Identifier: Apache-2.0

import KWSGraph
import KWSModelFile
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

    /// Writes an LSTM that hears five frames at a time and goes on from its states, as ONNX with its
    /// description, and returns the former's path.
    static func writeStateful(to folder: String) throws -> String {
        var random = RandomGraphs(seed: 3)
        var graph = FloatGraph(name: "along", inputShape: [5, 20, 1])
        let cell = LSTM(
            Recurrence(inputs: 20, units: 6, returnsSequence: false),
            weights: random.numbers(24 * 20), recurrentWeights: random.numbers(24 * 6),
            bias: random.numbers(24))
        let last = try graph.append(.lstm(cell), name: "lstm", inputs: [graph.input])
        let hidden = try graph.append(
            .dense(weights: random.numbers(48), bias: random.numbers(8)), name: "hidden",
            inputs: [last])
        let logits = try graph.append(
            .dense(weights: random.numbers(16), bias: [0, 0]), name: "logits", inputs: [hidden])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        let description = """
            {
              "name": "along", "labels": ["loud", "quiet"], "keywords": ["loud"], "stateful": true,
              "frontEnd": \(frontEnd(frames: 5, bands: 20)),
              "detection": {"stride": 5, "smoothing": 1}
            }
            """
        try ONNXWriter.write(graph, to: "\(folder)/along.onnx")
        try KWSEvaluateTests.write(Array(description.utf8), to: "\(folder)/along.kws.json")
        return "\(folder)/along.onnx"
    }

    /// Writes two convolutions along time that keep rows, the second with a stride of 2, as ONNX with its
    /// description, and returns the former's path. A window has 20 rows, then 17, then 8.
    static func writeRows(to folder: String) throws -> String {
        var random = RandomGraphs(seed: 5)
        var graph = FloatGraph(name: "rows", inputShape: [20, 1, 10])
        let first = try graph.append(
            .convolution(
                Window(kernel: (4, 1)), weights: random.numbers(8 * 40), bias: random.numbers(8)),
            name: "first", inputs: [graph.input])
        let second = try graph.append(
            .convolution(
                Window(kernel: (3, 1), stride: (2, 1)), weights: random.numbers(8 * 24),
                bias: random.numbers(8)),
            name: "second", inputs: [first])
        let flat = try graph.append(.reshape([64]), name: "flat", inputs: [second])
        let logits = try graph.append(
            .dense(weights: random.numbers(128), bias: [0, 0]), name: "logits", inputs: [flat])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        let description = """
            {
              "name": "rows", "labels": ["loud", "quiet"], "keywords": ["loud"],
              "frontEnd": \(frontEnd(frames: 20, bands: 10)),
              "detection": {"stride": 4, "smoothing": 1}
            }
            """
        try ONNXWriter.write(graph, to: "\(folder)/rows.onnx")
        try KWSEvaluateTests.write(Array(description.utf8), to: "\(folder)/rows.kws.json")
        return "\(folder)/rows.onnx"
    }

    private static func frontEnd(frames: Int, bands: Int) -> String {
        """
        {"frameSamples": 400, "hopSamples": 160, "frameCount": \(frames), "fftPoints": 512,
         "window": "symmetric-hamming", "spectrum": "power",
         "bands": {"kind": "triangles", "count": \(bands), "lowHertz": 20, "highHertz": 8000},
         "logarithm": {"naturalOfMaximum": 1e-10}}
        """
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
