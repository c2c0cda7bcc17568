// SPDX-License-Identifier: Apache-2.0
// Goal: topologies name recurrent weights as PyTorch and TensorFlow store them; each fault is named.
// Method: random layers, written to safetensors in either form and read back, must compute the same
// bits; one faulty description for each rule.

import KWSGraph
import KWSModelFile
import Testing

struct RecurrentTopologyTests {
    /// A safetensors file under construction.
    private struct Tensors {
        var header: [String] = []
        var data: [UInt8] = []

        mutating func add(_ name: String, _ shape: [Int], _ numbers: [Float]) {
            let start = data.count
            data += SafetensorsTests.floats(numbers)
            header.append(
                "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),"
                    + "\"data_offsets\":[\(start),\(data.count)]}")
        }

        var bytes: [UInt8] {
            SafetensorsTests.file("{" + header.joined(separator: ",") + "}", data)
        }
    }

    private func load(_ layer: String, _ tensors: Tensors) throws -> FloatGraph {
        let scratch = try Scratch()
        let text = """
            {"softmax": false, "topology": {"input": [5, 2, 2], "layers": [{\(layer)}]}}
            """
        _ = try scratch.write(Array(text.utf8), "m.kws.json")
        return try scratch.load(tensors.bytes, "m.safetensors").graph
    }

    private func expect(_ read: FloatGraph, _ operation: FloatOperator) throws {
        var graph = FloatGraph(name: "g", inputShape: [5, 2, 2])
        try graph.append(operation, name: "n", inputs: [graph.input])
        var random = Random(seed: 61)
        let x = random.numbers(20)
        var (a, b) = (FloatEvaluator(graph), FloatEvaluator(read))
        #expect(a(x) == b(x))
    }

    private func blocks(_ numbers: [Float], _ order: [Int]) -> [Float] {
        let block = numbers.count / order.count
        return order.flatMap { numbers[$0 * block..<($0 + 1) * block] }
    }

    /// `[rows][columns]` the other way round.
    private func turned(_ numbers: [Float], _ rows: Int) -> [Float] {
        let columns = numbers.count / rows
        return (0..<columns).flatMap { c in (0..<rows).map { numbers[$0 * columns + c] } }
    }

    @Test("PyTorch: two matrices [gates x out, in], two biases; GRU as r, z, n")
    func pyTorch() throws {
        var random = Random(seed: 62)
        var lstm = random.lstm(
            Recurrence(inputs: 4, units: 3, isBackward: true), projected: 2)
        var tensors = Tensors()
        tensors.add("ih", [12, 4], lstm.weights)
        tensors.add("hh", [12, 2], lstm.recurrentWeights)
        tensors.add("hr", [2, 3], lstm.projection ?? [])
        tensors.add("b1", [12], lstm.bias)
        let more = random.numbers(12)
        tensors.add("b2", [12], more)
        let read = try load(
            """
            "kind": "lstm", "weights": "ih", "recurrentWeights": "hh", "axes": "oi", "bias": "b1",
            "recurrentBias": "b2", "projection": "hr", "direction": "backward"
            """, tensors)
        lstm.bias = zip(lstm.bias, more).map(+)
        try expect(read, .lstm(lstm))

        var gru = random.gru(
            Recurrence(inputs: 4, units: 3, returnsSequence: false), resetsAfter: true,
            recurrentBias: true, candidate: .clippedReLU)
        tensors = Tensors()
        tensors.add("ih", [9, 4], blocks(gru.weights, [1, 0, 2]))
        tensors.add("hh", [9, 3], blocks(gru.recurrentWeights, [1, 0, 2]))
        tensors.add("b1", [9], blocks(gru.bias, [1, 0, 2]))
        let gates = random.numbers(6)
        tensors.add("b2", [9], blocks(gates + (gru.recurrentBias ?? []), [1, 0, 2]))
        let second = try load(
            """
            "kind": "gru", "weights": "ih", "recurrentWeights": "hh", "axes": "oi", "bias": "b1",
            "recurrentBias": "b2", "gates": "rzn", "reset": "after", "candidate": "clippedReLU",
            "sequence": false
            """, tensors)
        for i in gates.indices { gru.bias[i] += gates[i] }
        try expect(second, .gru(gru))
    }

    @Test("TensorFlow: one matrix [in + state, gates x out], 1 for the forget gate")
    func tensorFlow() throws {
        var random = Random(seed: 63)
        var lstm = random.lstm(Recurrence(inputs: 4, units: 3), peepholes: true)
        var tensors = Tensors()
        let order = [0, 2, 1, 3]
        tensors.add(
            "kernel", [7, 12],
            turned(blocks(lstm.weights, order), 12)
                + turned(blocks(lstm.recurrentWeights, order), 12))
        tensors.add("bias", [12], blocks(lstm.bias, order))
        for (i, name) in ["wi", "wf", "wo"].enumerated() {
            tensors.add(name, [3], Array((lstm.peepholes ?? [])[i * 3..<i * 3 + 3]))
        }
        let read = try load(
            """
            "kind": "lstm", "weights": "kernel", "axes": "io", "bias": "bias", "gates": "igfo",
            "forgetBias": 1, "peepholes": ["wi", "wf", "wo"]
            """, tensors)
        for i in 3..<6 { lstm.bias[i] += 1 }
        try expect(read, .lstm(lstm))
    }

    @Test("Faults are named")
    func faults() throws {
        var tensors = Tensors()
        tensors.add("ih", [9, 4], Array(repeating: 0, count: 36))
        tensors.add("hh", [9, 3], Array(repeating: 0, count: 27))
        tensors.add("b", [8], Array(repeating: 0, count: 8))
        func said(_ layer: String) -> String {
            do {
                _ = try load(layer, tensors)
                return ""
            } catch {
                return "\(error)"
            }
        }
        let sound =
            #""kind": "gru", "weights": "ih", "axes": "oi", "recurrentWeights": "hh", "#
            + #""reset": "before""#
        #expect(said(sound) == "")
        #expect(said(sound + #", "gates": "zzn""#).contains(#"the letters of "zrn""#))
        #expect(said(sound + #", "bias": "b""#).contains("8; allowed: 9 numbers"))
        #expect(said(sound + #", "peepholes": "b""#).contains("unknown key"))
        #expect(said(sound + #", "candidate": "relu""#).contains("clippedReLU"))
        #expect(
            said(#""kind": "gru", "weights": "ih", "axes": "oi", "recurrentWeights": "hh""#)
                .contains(#"no "reset""#))
        #expect(
            said(#""kind": "gru", "weights": "ih", "axes": "oi", "reset": "after""#)
                .contains(#"or "recurrentWeights""#))
        #expect(
            said(#""kind": "lstm", "weights": "ih", "axes": "oi", "recurrentWeights": "hh""#)
                .contains("4 gates of as many units"))
    }
}
