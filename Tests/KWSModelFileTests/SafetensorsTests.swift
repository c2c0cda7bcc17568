// SPDX-License-Identifier: Apache-2.0
// Goal: safetensors files, topologies and descriptions are read as documented; each fault is named.
// Method: files written by hand, results computed by hand, one faulty file for each rule.

import KWSGraph
import KWSModelFile
import Testing

struct SafetensorsTests {
    static func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
        ProtobufWriter.littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data
    }

    static func floats(_ numbers: [Float]) -> [UInt8] {
        numbers.flatMap { ProtobufWriter.littleEndian($0.bitPattern) }
    }

    /// `w` [2 in][3 out] and `b` [3].
    static let sound = file(
        #"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#
            + #""b":{"dtype":"F32","shape":[3],"data_offsets":[24,36]}}"#,
        floats([1, 2, 3, 10, 20, 30, 0.5, 0, -0.5]))

    static let description = #"""
        {"name": "tiny", "labels": ["silence", "yes", "no"], "softmax": false,
         "detection": {"stride": 2, "smoothing": 5, "threshold": {"default": 0.6, "no": 0.9},
                       "lockoutMilliseconds": 750},
         "topology": {"input": [2], "layers": [
           {"kind": "dense", "weights": "w", "axes": "io", "bias": "b", "activation": "relu"}]}}
        """#

    private func load(_ description: String, _ bytes: [UInt8] = sound) throws -> LoadedModel {
        let scratch = try Scratch()
        _ = try scratch.write(Array(description.utf8), "m.kws.json")
        return try scratch.load(bytes, "m.safetensors")
    }

    private func error(_ description: String, _ bytes: [UInt8] = sound) throws -> ModelFileError {
        let scratch = try Scratch()
        _ = try scratch.write(Array(description.utf8), "m.kws.json")
        return try #require(try scratch.error(bytes, "m.safetensors"))
    }

    @Test("A described model: graph, labels, keywords, thresholds, detection")
    func sound() throws {
        let model = try load(Self.description)
        var evaluator = FloatEvaluator(model.graph)
        #expect(evaluator([1, -1]) == [0, 0, 0])
        #expect(evaluator([1, 1]) == [11.5, 22, 32.5])
        #expect(model.graph.name == "tiny")
        #expect(model.description.labels == ["silence", "yes", "no"])
        #expect(model.description.keywords.map(\.classIndex) == [1, 2])
        #expect(model.description.keywords.map(\.threshold) == [0.6, 0.9])
        #expect(model.description.detection.inferenceHops == 2)
        #expect(model.description.detection.smoothing == 5)
        #expect(model.description.detection.lockoutMilliseconds == 750)
        #expect(model.notes.isEmpty)
        let with = try load(
            Self.description.replacing(#""softmax": false"#, with: #""softmax": true"#))
        #expect(with.graph.nodes.last?.operation.name == "softmax")
        #expect(with.sourceHash != model.sourceHash)
    }

    @Test("Phrases and gates of a described model, and what they must not be")
    func phrases() throws {
        func described(_ detection: String) -> String {
            Self.description.replacing("\"lockoutMilliseconds\": 750", with: detection)
        }
        let phrase = #"{"name": "no yes", "words": ["no", "yes"], "ordered": true}"#
        let model = try load(
            described(
                #""level": 30, "phraseMilliseconds": 800, "phrases": [\#(phrase), "#
                    + #"{"name": "yes yes", "words": ["yes", "yes"], "threshold": 0.3}]"#))
        #expect(
            model.description.phrases == [
                .init(name: "no yes", words: [1, 0], isOrdered: true, threshold: 0.6),
                .init(name: "yes yes", words: [0, 0], isOrdered: false, threshold: 0.3),
            ])
        // A word fires only if it has a threshold of its own.
        #expect(model.description.keywords.map(\.threshold) == [nil, 0.9])
        #expect(model.description.detection.level == 30)
        #expect(model.description.detection.phraseMilliseconds == 800)
        let wrong = [
            (#""phrases": [{"name": "a", "words": ["silence"]}]"#, "word \"silence\""),
            (#""phrases": [{"name": "yes", "words": ["no"]}]"#, "\"yes\""),
            (#""phrases": [{"name": "a", "words": []}]"#, "0"),
            (#""phrases": [{"words": ["no"]}]"#, "name"),
            (#""phrases": [\#(phrase), \#(phrase)]"#, "no yes"),
            (#""phrases": [\#(phrase)], "lockoutMilliseconds": 999"#, "999 and 1000"),
            (#""level": 2501"#, "2501"),
        ]
        for (detection, fact) in wrong {
            let found = try error(described(detection)).description
            #expect(found.contains(fact), "\(found)")
        }
    }

    @Test("The description itself may be the model, and the topology a file of its own")
    func indirect() throws {
        let scratch = try Scratch()
        _ = try scratch.write(Self.sound, "weights.safetensors")
        let topology = #"""
            {"input": [2], "layers": [{"kind": "dense", "weights": "w", "axes": "io"}]}
            """#
        _ = try scratch.write(Array(topology.utf8), "net.json")
        let text = #"{"model": "weights.safetensors", "topology": "net.json"}"#
        let model = try scratch.load(Array(text.utf8), "spotter.json")
        #expect(model.description.labels == ["class0", "class1", "class2"])
        #expect(model.notes == ["Tensors without a layer: b."])
    }

    @Test(
        "Weights by axis letters, in every number format",
        arguments: [
            ("F64", 8), ("F16", 2), ("BF16", 2), ("I8", 1), ("U8", 1), ("I16", 2), ("I32", 4),
        ])
    func formats(dtype: String, width: Int) throws {
        // The number 2 in each format.
        let two: [UInt8] =
            switch dtype {
            case "F64": ProtobufWriter.littleEndian(Double(2).bitPattern)
            case "F16": [0x00, 0x40]
            case "BF16": [0x00, 0x40]
            default: [2] + Array(repeating: 0, count: width - 1)
            }
        let entry = #""dtype":"\#(dtype)","shape":[1,2],"data_offsets":[0,\#(2 * width)]"#
        let bytes = Self.file(#"{"w":{\#(entry)}}"#, two + two)
        let text = #"""
            {"softmax": false, "topology": {"input": [2], "layers": [
              {"kind": "dense", "weights": "w", "axes": "oi"}]}}
            """#
        var evaluator = FloatEvaluator(try load(text, bytes).graph)
        #expect(evaluator([1, 3]) == [8])
    }

    @Test("Branches, pools and views of a topology")
    func branches() throws {
        let header = #"{"w":{"dtype":"F32","shape":[1,2,1,1],"data_offsets":[0,8]}}"#
        let bytes = Self.file(header, Self.floats([2, 3]))
        let text = #"""
            {"softmax": false, "topology": {"input": [2, 2, 1], "layers": [
              {"name": "a", "kind": "convolution", "weights": "w", "axes": "iohw"},
              {"name": "b", "kind": "add", "input": ["a", "a"]},
              {"name": "c", "kind": "concatenate", "input": ["a", "b"]},
              {"name": "p", "kind": "maxPool", "kernel": [2, 1], "padding": [1, 0, 0, 0],
               "stride": [2, 1]},
              {"name": "g", "kind": "globalAveragePool", "input": "c"},
              {"name": "f", "kind": "flatten", "activation": [0, 20]}]}}
            """#
        var evaluator = FloatEvaluator(try load(text, bytes).graph)
        // means: 2.5 * [2, 3], and twice that
        #expect(evaluator([1, 2, 3, 4]) == [5, 7.5, 10, 15])
    }

    @Test(
        "Faulty headers",
        arguments: [
            (#"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}}"#, "20 bytes"),
            (#"{"w":{"dtype":"F32","shape":[9,3],"data_offsets":[0,108]}}"#, "108"),
            (#"{"w":{"dtype":"Q4","shape":[2,3],"data_offsets":[0,24]}}"#, "\"Q4\""),
            (#"{"w":{"dtype":"F32","shape":[2,-3],"data_offsets":[0,24]}}"#, "-3"),
            (#"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[12,36]}}"#, "data at byte"),
            (#"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#, "12 bytes that belong"),
            (
                #"{"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},"#
                    + #""b":{"dtype":"F32","shape":[6],"data_offsets":[12,36]}}"#, "data at byte"
            ),
            (
                #"{"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},"#
                    + #""a":{"dtype":"F32","shape":[3],"data_offsets":[24,36]}}"#, "a second \"a\""
            ),
            (#"{"w":{"dtype":"F32","shape":[2,3]}}"#, "no \"data_offsets\""),
            (
                #"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24],"x":1}}"#,
                "unknown key \"x\""
            ),
            (#"[1]"#, "an array of 1"),
            (#"{"w":"#, "the end of the text"),
        ])
    func headers(header: String, found: String) throws {
        let data = Self.floats(Array(repeating: 1, count: 9))
        let error = try error(Self.description, Self.file(header, data))
        #expect(error.found.contains(found), "\(error)")
        #expect(!error.place.isEmpty)
    }

    @Test("A header length beyond the file; nesting beyond the limit")
    func lengths() throws {
        var bytes = Self.sound
        bytes[7] = 0x7F
        #expect(try error(Self.description, bytes).place == "byte 0, header length")
        let deep = String(repeating: "[", count: 100_000)
        #expect(try error(deep).allowed == "at most 32 nested levels")
    }

    @Test(
        "Faulty descriptions",
        arguments: [
            (
                #""labels": ["silence", "yes", "no"]"#, #""labels": ["yes", "no"]"#, "2 labels",
                "3 labels"
            ),
            (#""labels""#, #""lables""#, "unknown key \"lables\"", "\"labels\""),
            (#""yes", "no"]"#, #""yes", "yes"]"#, "\"yes\"", "each name once"),
            (
                #""softmax": false"#, #""keywords": ["maybe"]"#, "keyword \"maybe\"",
                "silence, yes, no"
            ),
            (#""no": 0.9"#, #""on": 0.9"#, "a threshold for \"on\"", "yes, no"),
            (#""no": 0.9"#, #""no": 1.5"#, "1.5", "0.0 to 1.0"),
            (#""stride": 2"#, #""stride": 0"#, "0", "1 to 255"),
            (#""smoothing": 5"#, #""smoothing": 2.5"#, "2.5", "1 to 64"),
            (#""softmax": false"#, #""frontEnd": "mfcc""#, "\"mfcc\"", "mlperf-mfcc"),
            (#""softmax": false"#, #""frontEnd": "mlperf-mfcc""#, "49 frames of 10", "input 2"),
            (#""kind": "dense""#, #""kind": "dence""#, "\"dence\"", "\"dense\""),
            (#""weights": "w""#, #""weights": "v""#, "no such tensor", "b, w"),
            (#""axes": "io""#, #""axes": "oo""#, "\"oo\"", "once"),
            (#""axes": "io""#, #""axes": "o""#, "\"o\"", "one letter for each axis"),
            (#""bias": "b""#, #""bias": "w""#, "'w' of shape [2, 3]", "a vector of 3"),
            (#""bias": "b""#, #""input": "later""#, "\"later\"", "a layer before this one"),
            (#""activation": "relu""#, #""activation": "swish""#, "\"swish\"", "\"relu6\""),
            (#""input": [2]"#, #""input": [3]"#, "6 weights", ""),
            (#""name": "tiny""#, #""name": "tiny", "name": "x""#, "a second \"name\"", "once"),
            (
                #""name": "tiny""#, "\"name\": \"ti\u{1}ny\"", "byte value 1",
                "no control characters"
            ),
            (#""name": "tiny""#, #""name": 1e999"#, "'1'", "a finite number"),
        ])
    func descriptions(old: String, new: String, found: String, allowed: String) throws {
        #expect(Self.description.contains(old))
        let error = try error(Self.description.replacing(old, with: new))
        #expect(error.found.contains(found), "\(error)")
        #expect(error.allowed.contains(allowed), "\(error)")
    }

    @Test("Without a description, safetensors that fit no built-in one are refused with a list")
    func undescribed() throws {
        let error = try #require(try Scratch().error(Self.sound, "m.safetensors"))
        #expect(error.found.contains("none of the built-in ones"))
        #expect(error.allowed.contains("mlperf-dscnn, "))
    }

    @Test("A DS-CNN that fits two built-in descriptions needs the name of one")
    func builtIn() throws {
        var shapes: [(String, [Int])] = [("conv0", [64, 1, 10, 4]), ("fc", [12, 64])]
        for i in 1...4 { shapes += [("dw\(i)", [64, 1, 3, 3]), ("pw\(i)", [64, 64, 1, 1])] }
        var entries: [String] = []
        var end = 0
        for (name, shape) in shapes {
            for (part, shape) in [("weight", shape), ("bias", [shape[0]])] {
                let bytes = 4 * shape.reduce(1, *)
                entries.append(
                    #""\#(name).\#(part)":{"dtype":"F32","shape":\#(shape),"#
                        + #""data_offsets":[\#(end),\#(end + bytes)]}"#)
                end += bytes
            }
        }
        let bytes = Self.file(
            "{\(entries.joined(separator: ","))}", Array(repeating: 0, count: end))
        let scratch = try Scratch()
        let error = try #require(try scratch.error(bytes, "m.safetensors"))
        #expect(error.found == "none, and the tensors fit 2 of the built-in ones")
        #expect(error.allowed.hasSuffix("one of arm-ds-cnn-s-folded, mlperf-dscnn"))
        let model = try ModelFile.load(
            path: "\(scratch.path)/m.safetensors", descriptionPath: "arm-ds-cnn-s-folded")
        #expect(model.description.labels.first == "silence")
        #expect(model.graph.shape(of: model.graph.output) == [12])
        let uniform = Array(repeating: Float(1) / 12, count: 12)
        var evaluator = FloatEvaluator(model.graph)
        #expect(evaluator(Array(repeating: 1, count: 490)) == uniform)
    }
}
