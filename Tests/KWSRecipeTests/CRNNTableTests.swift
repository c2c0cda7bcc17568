// SPDX-License-Identifier: Apache-2.0
//
// Goal: the 26 CRNNs of Arik et al. 2017, table 1, are built from one recipe, and have as many
// parameters as printed there. Method: the recipe's text with a row's numbers put in; the layout of
// outputs, and all totals, against the table. Cells 7 (NF) of rows 10 and 11 and 5 (NR) of row 12
// are not those printed, whose totals would be off by 6.5, 12 and 283 %: each is the only value of
// the table in a single cell that gives the row's total.

import KWSGraph
import KWSModelFile
import KWSTrain
import Testing

struct CRNNTableTests {
    struct Row: Sendable {
        var filters: Int
        var kernel: (Int, Int)
        var stride: (Int, Int)
        var layers: Int
        var units: Int
        var kind: String
        var dense: Int
        /// Thousands of parameters.
        var printed: Int
    }

    static let rows: [Row] = [
        (32, 20, 5, 8, 2, 2, 8, "gru", 32, 45), (32, 20, 5, 8, 2, 3, 8, "lstm", 64, 68),
        (32, 5, 1, 4, 1, 2, 8, "gru", 64, 102), (32, 20, 5, 8, 2, 2, 16, "gru", 64, 110),
        (32, 20, 5, 20, 5, 2, 32, "gru", 64, 110), (32, 20, 5, 8, 2, 3, 16, "gru", 64, 115),
        (16, 20, 5, 8, 2, 2, 32, "gru", 32, 127), (32, 20, 5, 12, 4, 2, 32, "gru", 64, 143),
        (16, 20, 5, 8, 2, 1, 32, "gru", 64, 148), (128, 20, 5, 8, 2, 3, 8, "gru", 64, 159),
        (64, 10, 3, 8, 2, 1, 16, "gru", 64, 166), (128, 20, 5, 8, 2, 1, 8, "lstm", 64, 197),
        (32, 20, 5, 12, 2, 2, 32, "gru", 64, 205), (32, 20, 5, 8, 2, 1, 32, "gru", 64, 211),
        (32, 20, 5, 8, 2, 2, 32, "gru", 64, 229), (32, 40, 10, 8, 2, 2, 32, "gru", 64, 239),
        (32, 20, 5, 8, 2, 3, 32, "gru", 64, 248), (32, 20, 5, 8, 2, 2, 32, "lstm", 64, 279),
        (32, 20, 5, 8, 1, 2, 32, "gru", 64, 352), (64, 20, 5, 8, 2, 2, 32, "gru", 64, 355),
        (64, 20, 5, 8, 2, 2, 32, "lstm", 32, 407), (64, 10, 3, 4, 1, 2, 32, "gru", 64, 674),
        (128, 20, 5, 8, 2, 2, 32, "gru", 128, 686), (32, 20, 5, 8, 2, 2, 128, "gru", 128, 1513),
        (256, 20, 5, 8, 2, 4, 64, "gru", 128, 2551), (128, 20, 5, 4, 1, 4, 64, "gru", 128, 2850),
    ].map {
        Row(
            filters: $0.0, kernel: ($0.1, $0.2), stride: ($0.3, $0.4), layers: $0.5, units: $0.6,
            kind: $0.7, dense: $0.8, printed: $0.9)
    }

    private func graph(_ row: Row) throws -> FloatGraph {
        let recurrent = Array(
            repeating: """
                {"kind": "\(row.kind)", "units": \(row.units), "direction": "both"},
                """, count: row.layers
        ).joined()
        return try RecipeTests.load(
            """
            {"description": {"name": "crnn", "labels": ["happy", "unknown"], "frontEnd": {
               "frameSamples": 400, "hopSamples": 160, "frameCount": 151, "fftPoints": 512,
               "window": "periodic-hann", "logarithm": {"naturalOfMaximum": 1e-6},
               "bands": {"kind": "triangles", "count": 40, "lowHertz": 20, "highHertz": 7600}}},
             "network": {"input": [151, 40, 1], "layers": [
               {"kind": "convolution", "outputs": \(row.filters), "kernel":
                 [\(row.kernel.0), \(row.kernel.1)], "stride": [\(row.stride.0), \(row.stride.1)],
                "padding": "same", "batchNorm": true, "activation": "relu"}, \(recurrent)
               {"kind": "dense", "outputs": \(row.dense), "activation": "relu"},
               {"kind": "dense", "outputs": 2}]},
             "training": [{"path": "happy"}], "epochs": 1}
            """
        ).model.graph
    }

    @Test func parametersAreThosePrinted() throws {
        var equal = 0
        for row in Self.rows {
            let graph = try graph(row)
            let network = try TrainableNetwork(
                graph, TrainableNetwork.Options(batch: 1, threads: 1))
            // The table counts the convolution's bias, which the norm's offset makes superfluous.
            let count = network.parameters.count + row.filters
            if Int((Double(count) / 1000).rounded()) == row.printed { equal += 1 }
            #expect(abs(count - 1000 * row.printed) < 570, "\(row)")
        }
        #expect(equal == 24)
        // The network that the paper chose: 19 steps of 640 numbers.
        let chosen = try graph(Self.rows[14])
        let gru = try #require(chosen.nodes.first { $0.operation.name == "GRU" })
        #expect(chosen.shape(of: gru.inputs[0]) == [19, 20, 32])
        #expect(chosen.shape(of: chosen.nodes[5].output) == [19, 1, 64])
    }
}
