// SPDX-License-Identifier: Apache-2.0
//
// Goal: hidden limits hold three of four inputs, logits and what they are sums of all of them.
// Method: two hidden layers behind eight inputs of which one is three times as large as the next: by hand.

import KWSCompile
import KWSGraph
import KWSPasses
import Testing

struct CalibrationRangeTests {
    @Test func theSurestInputHasRoomWhereLogitsAreSummed() throws {
        var graph = FloatGraph(name: "net", inputShape: [1])
        let first = try graph.append(
            .dense(weights: [1], bias: [0]), name: "first", inputs: [graph.input])
        let second = try graph.append(
            .dense(weights: [2], bias: [0]), name: "second", inputs: [first])
        let logits = try graph.append(
            .dense(weights: [1, -1], bias: [0, 0]), name: "logits", inputs: [second])
        try graph.append(.softmax, name: "softmax", inputs: [logits])
        let calibration = Calibration(graph, inputs: [1, 2, 3, 4, 5, 6, 7, 21].map { [$0] })
        // The upper quartile of 8 is the 7th.
        #expect(calibration.ranges[first.index] == (0, 7))
        #expect(calibration.ranges[second.index] == (0, 42))
        #expect(calibration.ranges[logits.index] == (-42, 42))
    }
}
