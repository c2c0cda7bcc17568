// SPDX-License-Identifier: Apache-2.0
// Goal: recurrent networks in ONNX compute here what PyTorch and onnxruntime computed, are written
// and read back to the same bits, and what has no form here is refused by name.
// Method: networks by PyTorch's old and new exporter, and ONNX's own forms (peep-holes, directions,
// both places of the reset, a clip), inputs and outputs as recorded by
// Tests/Fixtures/ONNX/export_recurrent.py; refusals by small files.

import Foundation
import KWSGraph
import KWSModelFile
import KWSPasses
import Testing

struct RecurrentONNXTests {
    static let files = [
        "LastStep.dynamo18", "LastStep.legacy17", "LastHidden.dynamo21", "LastHidden.legacy13",
        "BothHidden.dynamo18", "BothHidden.legacy21", "Convolved.dynamo21", "Convolved.legacy17",
        "LastOfBoth.dynamo18", "LastOfBoth.legacy14", "LSTMPeepholes", "LSTMReverse", "GRUBefore",
        "GRUAfter", "GRUClipped",
    ]

    private func graph(_ name: String) throws -> FloatGraph {
        try ModelFile.load(path: Fixture.folder.appendingPathComponent("\(name).onnx").path).graph
    }

    @Test("Outputs equal PyTorch's and onnxruntime's", arguments: files)
    func outputs(name: String) throws {
        var graph = try graph(name)
        let numbers = try Fixture.floats("\(name.prefix { $0 != "." }).f32")
        let count = graph.shape(of: graph.input).elements
        let x = Array(numbers[..<count])
        func expectRecorded(_ found: [Float]) {
            #expect(found.count == numbers.count - count)
            // Sums of some twenty products below 10, each to 2^-24, through ten steps.
            for (a, b) in zip(found, numbers[count...]) { #expect(abs(a - b) < 1e-4) }
        }
        var evaluator = FloatEvaluator(graph)
        let found = evaluator(x)
        expectRecorded(found)

        var again = FloatEvaluator(
            try Scratch().load(ONNXWriter.bytes(of: graph), "m.onnx").graph)
        #expect(again(x) == found)

        try run(standardPasses, on: &graph)
        var simplified = FloatEvaluator(graph)
        expectRecorded(simplified(x))
    }

    @Test("Only what is read stays, and rows need no transpose")
    func nodes() throws {
        func kinds(_ name: String) throws -> [String] {
            var graph = try graph(name)
            try run(standardPasses, on: &graph)
            return graph.nodes.map(\.operation.name).filter { $0 != "reshape" }
        }
        for file in Self.files where file.hasPrefix("LastStep") {
            #expect(try kinds(file) == ["LSTM", "dense"])
        }
        for file in Self.files where file.hasPrefix("LastHidden") {
            #expect(try kinds(file) == ["GRU", "GRU", "dense"])
        }
        for file in Self.files where file.hasPrefix("BothHidden") {
            #expect(
                try kinds(file) == [
                    "LSTM", "LSTM", "concatenate", "LSTM", "LSTM", "concatenate",
                    "dense",
                ])
        }
        for file in Self.files where file.hasPrefix("Convolved") {
            #expect(
                try kinds(file) == [
                    "convolution", "clip", "GRU", "GRU", "concatenate", "GRU", "GRU",
                    "concatenate", "clip", "dense",
                ])
        }
    }

    @Test("Every form is written and read back, the projection included")
    func written() throws {
        var random = Random(seed: 41)
        let x = random.numbers(42)
        for operation in random.recurrentLayers(inputs: 6, units: 5) {
            var graph = FloatGraph(name: "g", inputShape: [7, 2, 3])
            // Channels first in the file.
            try graph.append(
                .maxPool(Window(kernel: (1, 1))), name: "pixel", inputs: [graph.input])
            try graph.append(operation, name: "n", inputs: [graph.output])
            try graph.append(.clip(lower: -1, upper: 15), name: "behind", inputs: [graph.output])
            let read = try Scratch().load(ONNXWriter.bytes(of: graph), "m.onnx").graph
            #expect(read.parameters == graph.parameters)
            #expect(read.nodes.contains { $0.name == "n" && $0.operation.recurrence != nil })
            var before = FloatEvaluator(graph)
            var after = FloatEvaluator(read)
            #expect(before(x) == after(x), "\(graph.dump)\n\(read.dump)")
        }
    }

    /// What is said of a file with one recurrent node, "" if it is taken.
    private func refusal(
        _ operation: String = "GRU", inputs: [String] = ["t", "w", "r"],
        _ attributes: KeyValuePairs<String, ONNXFile.Attribute> = [:],
        _ more: (inout ONNXFile) -> Void = { _ in }
    ) throws -> String {
        let gates = operation == "GRU" ? 3 : 4
        var file = ONNXFile(input: [1, 5, 2])
        file.tensor("w", [1, gates * 3, 2], Array(repeating: 0.5, count: gates * 6))
        file.tensor("r", [1, gates * 3, 3], Array(repeating: 0.5, count: gates * 9))
        file.tensor("zeros", [1, 1, 3], [0, 0, 0])
        file.tensor("states", [1, 1, 3], [0, 1, 0])
        file.tensor("p", [3, 3], Array(repeating: 1, count: 9))
        file.tensor("first", integers: [0])
        file.tensor("third", integers: [3])
        file.node("Transpose", ["x"], "t", ["perm": .integers([1, 0, 2])])
        file.node("MatMul", ["r", "p"], "product")
        file.node(operation, inputs, "y", attributes)
        more(&file)
        return try Scratch().error(file.bytes, "m.onnx").map { "\($0)" } ?? ""
    }

    @Test("What has no form here is refused by name")
    func refusals() throws {
        #expect(try refusal() == "")
        #expect(try refusal("LSTM") == "")
        #expect(try refusal(inputs: ["t", "w", "r", "", "", "zeros"]) == "")
        #expect(
            try refusal(inputs: ["t", "w", "r", "", "", "states"]).contains("initial state"))
        #expect(
            try refusal("LSTM", inputs: ["t", "w", "r", "", "", "", "states"])
                .contains("initial state"))
        #expect(try refusal(inputs: ["t", "w", "r", "", "third"]).contains("sequence_lens"))
        #expect(try refusal(inputs: ["x", "w", "r"]).contains("[time, 1, features]"))
        #expect(try refusal(inputs: ["t", "r", "r"]).contains("W of [1, 9, 3]"))
        #expect(try refusal("GRU", ["layout": .integer(1)]).contains("layout 1"))
        #expect(try refusal("GRU", ["hidden_size": .integer(4)]).contains("hidden_size 4"))
        #expect(try refusal("GRU", ["direction": .text("sideways")]).contains("direction sideways"))
        #expect(try refusal("LSTM", ["input_forget": .integer(1)]).contains("input_forget"))
        #expect(try refusal("LSTM", ["clip": .float(3)]).contains("a clip"))
        #expect(try refusal("GRU", ["clip": .float(3)]).contains("clip 3.0"))
        #expect(
            try refusal("GRU", ["activations": .texts(["Sigmoid", "Relu"])]).contains("clip none"))
        #expect(
            try refusal("LSTM", ["activations": .texts(["HardSigmoid", "Tanh", "Tanh"])])
                .contains("hardsigmoid"))
        #expect(
            try refusal("LSTM", inputs: ["t", "w", "product"]).contains("MatMul by P transposed"))
        // Of the five rows any one may be taken, but no two.
        for (end, found) in [(1, ""), (3, "a slice 0..<3 of 5")] {
            let said = try refusal {
                $0.tensor("end", integers: [end])
                $0.node("Slice", ["y", "first", "end", "first"], "z")
                $0.outputName = "z"
            }
            #expect(found.isEmpty ? said == "" : said.contains(found))
        }
    }

    @Test("A row in the middle is picked out")
    func middle() throws {
        var random = Random(seed: 42)
        var file = ONNXFile(input: [1, 5, 2])
        file.tensor("w", [1, 9, 2], random.numbers(18))
        file.tensor("r", [1, 9, 3], random.numbers(27))
        file.tensor("index", [], type: 7, raw: [3, 0, 0, 0, 0, 0, 0, 0])
        file.node("Transpose", ["x"], "t", ["perm": .integers([1, 0, 2])])
        file.node("GRU", ["t", "w", "r"], "s")
        file.node("Gather", ["s", "index"], "y")
        var picked = FloatEvaluator(try Scratch().load(file.bytes, "m.onnx").graph)
        file.outputName = "s"
        var whole = FloatEvaluator(try Scratch().load(file.bytes, "m.onnx").graph)
        let x = random.numbers(10)
        #expect(picked(x) == Array(whole(x)[9..<12]))
    }
}
