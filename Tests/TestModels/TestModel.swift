// SPDX-License-Identifier: Apache-2.0

internal import KWSCompile
package import KWSEmit
package import KWSFrontEnd
package import KWSGraph
internal import KWSPasses

/// A small model made in memory, for tests.
package struct TestModel: Sendable {
    package var graph: FloatGraph
    package var frontEnd: FrontEndDefinition
    package var compiled: CompiledModel
    package var block: [UInt8]

    /// Compiles a graph whose input is `frontEnd`'s features in 0...1.
    ///
    /// - Parameters:
    ///   - labels: of the last layer's outputs; all but those in `silent` are keywords.
    ///   - energy: the gate's, and `contrast`.
    ///   - keepsRows: whether layers run row by row as far as they can.
    ///   - isStateful: whether layers go on from states and rows of the last decision.
    ///   - storage: of recurrent layers' weights.
    package init(
        _ graph: FloatGraph, frontEnd: FrontEndDefinition, labels: [String], silent: Set<String>,
        lockoutHops: Int = 25, phrases: [Detection.Phrase] = [], contrast: Int = 0,
        energy: Int = 0, keepsRows: Bool = false, isStateful: Bool = false,
        storage: WeightStorage = .dense
    ) throws {
        var folded = graph
        try run(standardPasses, on: &folded)
        if isStateful { folded = folded.stateful }
        var random = TestRandom(seed: 1)
        let inputs = (0..<50).map { _ in
            // From silence to loud, so that all ranges are met.
            let loudness = random.unit()
            return (0..<folded.shape(of: folded.input).elements).map { _ in
                min(1, max(0, loudness + 0.3 * (random.unit() - 0.5)))
            }
        }
        var quantised = try Quantise(
            calibration: Calibration(folded, inputs: inputs),
            input: InputQuantisation(Quantisation(lower: 0, upper: 1), hasFinePlane: false))(
                folded)
        for index in quantised.layers.indices {
            guard case .recurrent = quantised.layers[index].operation else { continue }
            quantised.layers[index].storage = storage
        }
        let input = quantised.input.quantisation
        if keepsRows {
            quantised.streaming =
                StreamRows(quantised, hopRows: 2, frontEnd: (frontEnd.frameCount, false)).streaming
        }
        compiled = CompiledModel(
            graph: quantised, plan: PlanMemory()(quantised), labels: labels,
            frontEnd: try FrontEndTables(
                frontEnd, scale: input.scale, zeroPoint: input.zeroPoint),
            detection: Detection(
                inferenceHops: 2, smoothing: 3, lockoutHops: lockoutHops,
                keywords: labels.indices.filter { !silent.contains(labels[$0]) }
                    .map { .init(classIndex: $0, threshold: 40000) },
                phrases: phrases, phraseDecisions: phrases.isEmpty ? 0 : 7, contrast: contrast,
                energy: energy),
            sourceHash: 0)
        block = ModelBlock(compiled).bytes
        self.graph = graph
        self.frontEnd = frontEnd
    }

    /// The same model for the kernels of a core.
    package func block(forCore core: String) -> [UInt8] {
        guard let variant = KernelVariant.of(target: core) else { return block }
        var other = compiled
        other.variant = variant
        other.plan = PlanMemory(variant)(compiled.graph)
        return ModelBlock(other).bytes
    }

    package var name: String { compiled.name }
    package var layerNames: [String] { compiled.graph.layers.map(\.name) }
    /// Of the network's input.
    package var input: InputQuantisation {
        InputQuantisation(compiled.graph.input.quantisation, hasFinePlane: false)
    }

    /// 10 frames of 20 log-mel bands in 0...1, 20 ms apart.
    package static func logMel() throws -> FrontEndDefinition {
        try FrontEndDefinition(
            frameSamples: 480, hopSamples: 320, frameCount: 10, fftPoints: 512,
            window: .periodicHann, spectrum: .power, spectrumScale: 1.0 / 512,
            bands: BandLayout(kind: .triangles, count: 20, lowHertz: 60, highHertz: 8000),
            compression: .logarithm(.decibels(offset: 60, divisor: 80, lower: 0, upper: 1)))
    }

    /// As many frames and features of every other kind, those of MFCC apart.
    package static func otherFeatures() throws -> [FrontEndDefinition] {
        let bands = BandLayout(kind: .triangles, count: 20, lowHertz: 60, highHertz: 8000)
        let spectrum = BandLayout(kind: .bins, count: 20, lowHertz: 0, highHertz: 8000)
        return try [
            FrontEndDefinition(
                frameSamples: 480, hopSamples: 320, frameCount: 10, fftPoints: 512,
                window: .periodicHann, spectrum: .power, bands: bands, normalisation: .integers,
                compression: .pcen(PCEN())),
            FrontEndDefinition(
                frameSamples: 400, hopSamples: 160, frameCount: 10, fftPoints: 512,
                window: .periodicHann, spectrumScale: 1.0 / 16, bands: spectrum,
                compression: .logarithm(.naturalOfSum(floor: 1))),
            FrontEndDefinition.waveform(frameSamples: 20, hopSamples: 16, frameCount: 10),
        ]
    }

    /// Hears "loud" where the mean log-mel of a window is above 1/2, else "quiet".
    package static func loudness(lockoutHops: Int = 25) throws -> TestModel {
        var graph = FloatGraph(name: "loudness", inputShape: [10, 20, 1])
        let flat = try graph.append(.reshape([200]), name: "flat", inputs: [graph.input])
        let dense = try graph.append(
            .dense(
                weights: Array(repeating: 0.2, count: 200) + Array(repeating: 0, count: 200),
                bias: [-20, 0]), name: "dense", inputs: [flat])
        try graph.append(.softmax, name: "softmax", inputs: [dense])
        return try TestModel(
            graph, frontEnd: logMel(), labels: ["loud", "quiet"], silent: ["quiet"],
            lockoutHops: lockoutHops)
    }

    /// Random weights in layers that look at no padding along time: those before the mean may keep
    /// rows.
    package static func causal(
        keepsRows: Bool = true, contrast: Int = 200
    ) throws -> TestModel {
        var random = TestRandom(seed: 9)
        var graph = FloatGraph(name: "causal", inputShape: [10, 20, 1])
        let relu = FloatOperator.clip(lower: 0, upper: .infinity)
        let conv = try graph.append(
            .convolution(
                Window(kernel: (3, 5), stride: (1, 3), padding: (0, 0, 1, 2)),
                weights: random.numbers(60, 1), bias: random.numbers(4, 0.2)), name: "conv",
            inputs: [graph.input])
        let first = try graph.append(relu, name: "relu0", inputs: [conv])
        let depthwise = try graph.append(
            .depthwise(
                Window(kernel: (2, 3), stride: (2, 1), padding: (0, 0, 1, 1)),
                weights: random.numbers(24, 0.7), bias: random.numbers(4, 0.2)), name: "depthwise",
            inputs: [first])
        let second = try graph.append(relu, name: "relu1", inputs: [depthwise])
        let pointwise = try graph.append(
            .convolution(
                Window(kernel: (1, 1)), weights: random.numbers(24, 0.7),
                bias: random.numbers(6, 0.2)),
            name: "pointwise", inputs: [second])
        let (height, width, _) = graph.shape(of: pointwise).image
        let pool = try graph.append(
            .averagePool(Window(kernel: (height, width))), name: "pool", inputs: [pointwise])
        let flat = try graph.append(.reshape([6]), name: "flat", inputs: [pool])
        let dense = try graph.append(
            .dense(weights: random.numbers(18, 6), bias: random.numbers(3, 0.5)), name: "dense",
            inputs: [flat])
        try graph.append(.softmax, name: "softmax", inputs: [dense])
        return try TestModel(
            graph, frontEnd: logMel(), labels: ["one", "two", "rest"], silent: ["rest"],
            phrases: [
                .init(name: "one two", words: [0, 1], isOrdered: true, threshold: 20000),
                .init(name: "all", words: [1, 0, 1], isOrdered: false, threshold: 20000),
            ],
            contrast: contrast, energy: contrast > 0 ? 320 * 1000 * 1000 : 0, keepsRows: keepsRows)
    }

    /// Random weights in layers that pad only above, a sum of two of them among them, then a mean: they go
    /// on from the rows before a window.
    package static func residual() throws -> TestModel {
        var random = TestRandom(seed: 12)
        var graph = FloatGraph(name: "residual", inputShape: [10, 20, 1])
        func add(_ operation: FloatOperator, _ name: String, _ inputs: ValueID...) throws -> ValueID
        {
            try graph.append(operation, name: name, inputs: inputs)
        }
        func window(_ rows: Int, stride: Int = 1, top: Int) -> Window {
            Window(kernel: (rows, 1), stride: (stride, 1), padding: (top, 0, 0, 0))
        }
        let relu = FloatOperator.clip(lower: 0, upper: .infinity)
        let conv = try add(
            .convolution(
                Window(kernel: (4, 6), stride: (1, 5), padding: (3, 0, 0, 1)),
                weights: random.numbers(96, 1), bias: random.numbers(4, 0.2)), "conv", graph.input)
        let first = try add(relu, "relu0", conv)
        let depthwise = try add(
            .depthwise(
                window(5, top: 4), weights: random.numbers(20, 0.8), bias: random.numbers(4, 0.2)),
            "depthwise", first)
        let pointwise = try add(
            .convolution(
                window(1, top: 0), weights: random.numbers(16, 0.7), bias: random.numbers(4, 0.2)),
            "pointwise", depthwise)
        let sum = try add(relu, "relu1", add(.add, "sum", pointwise, first))
        let halved = try add(
            .convolution(
                window(3, stride: 2, top: 1), weights: random.numbers(60, 0.7),
                bias: random.numbers(5, 0.2)),
            "halved", sum)
        let running = try add(.averagePool(window(3, top: 2)), "running", halved)
        let (height, width, channels) = graph.shape(of: running).image
        let mean = try add(.averagePool(Window(kernel: (height, width))), "mean", running)
        let flat = try add(.reshape([channels]), "flat", mean)
        let dense = try add(
            .dense(weights: random.numbers(15, 6), bias: random.numbers(3, 0.5)), "dense", flat)
        _ = try add(.softmax, "softmax", dense)
        return try TestModel(
            graph, frontEnd: logMel(), labels: ["one", "two", "rest"], silent: ["rest"],
            keepsRows: true, isStateful: true)
    }

    /// Two convolutions along time, the second on rows before the window if it pads, then a GRU that goes
    /// on from step to step: two a decision.
    package static func convolutionsAndCells(
        pads: Bool, keepsRows: Bool = true
    ) throws -> TestModel {
        var random = TestRandom(seed: 13)
        var graph = FloatGraph(name: "crnn", inputShape: [10, 20, 1])
        let relu = FloatOperator.clip(lower: 0, upper: .infinity)
        let first = try graph.append(
            .convolution(
                Window(kernel: (6, 5), stride: (1, 5)), weights: random.numbers(90, 1),
                bias: random.numbers(3, 0.2)), name: "first", inputs: [graph.input])
        let clipped = try graph.append(relu, name: "relu", inputs: [first])
        let rows = pads ? 7 : 4
        let second = try graph.append(
            .convolution(
                Window(kernel: (rows, 4), padding: (rows - 4, 0, 0, 0)),
                weights: random.numbers(rows * 4 * 3 * 6, 0.5), bias: random.numbers(6, 0.2)),
            name: "second",
            inputs: [clipped])
        let gru = try graph.append(
            .gru(
                GRU(
                    Recurrence(inputs: 6, units: 12, returnsSequence: false),
                    weights: random.numbers(36 * 6, 1),
                    recurrentWeights: random.numbers(36 * 12, 1),
                    bias: random.numbers(36, 0.5), resetsAfter: false)), name: "gru",
            inputs: [second])
        let dense = try graph.append(
            .dense(weights: random.numbers(36, 3), bias: random.numbers(3, 0.5)), name: "dense",
            inputs: [gru])
        try graph.append(.softmax, name: "softmax", inputs: [dense])
        return try TestModel(
            graph, frontEnd: logMel(), labels: ["one", "two", "rest"], silent: ["rest"],
            keepsRows: keepsRows, isStateful: true)
    }

    /// An LSTM with peep-holes and a projection, then a GRU, most weights of both 0 and stored as gaps.
    package static func cells() throws -> TestModel {
        var random = TestRandom(seed: 11)
        func rows(_ count: Int) -> [Float] {
            random.numbers(count, 1).map { random.unit() < 0.8 ? 0 : $0 }
        }
        var graph = FloatGraph(name: "cells", inputShape: [10, 20, 1])
        let lstm = try graph.append(
            .lstm(
                LSTM(
                    Recurrence(inputs: 20, units: 11), weights: rows(44 * 20),
                    recurrentWeights: rows(44 * 9), bias: random.numbers(44, 0.5),
                    peepholes: random.numbers(33, 0.5), projection: rows(9 * 11))),
            name: "lstm", inputs: [graph.input])
        let gru = try graph.append(
            .gru(
                GRU(
                    Recurrence(inputs: 9, units: 34, returnsSequence: false),
                    weights: rows(102 * 9), recurrentWeights: rows(102 * 34),
                    bias: random.numbers(102, 0.5), resetsAfter: false)),
            name: "gru", inputs: [lstm])
        let dense = try graph.append(
            .dense(weights: random.numbers(3 * 34, 2), bias: random.numbers(3, 0.5)), name: "dense",
            inputs: [gru])
        try graph.append(.softmax, name: "softmax", inputs: [dense])
        return try TestModel(
            graph, frontEnd: logMel(), labels: ["one", "two", "rest"], silent: ["rest"],
            storage: .gaps)
    }

    /// Random weights in every kind of layer that shares memory: convolution, depthwise, pointwise,
    /// sum, concatenation, pooling, dense, softmax.
    ///
    /// - Parameter frontEnd: 10 frames of 20 features; nil: `logMel()`.
    package static func mixed(hearing frontEnd: FrontEndDefinition? = nil) throws -> TestModel {
        var random = TestRandom(seed: 7)
        var graph = FloatGraph(name: "mixed", inputShape: [10, 20, 1])
        let relu = FloatOperator.clip(lower: 0, upper: .infinity)
        let conv = try graph.append(
            .convolution(
                Window(kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)),
                weights: random.numbers(36, 1), bias: random.numbers(4, 0.2)), name: "conv",
            inputs: [graph.input])
        let first = try graph.append(relu, name: "relu0", inputs: [conv])
        let depthwise = try graph.append(
            .depthwise(
                Window(kernel: (3, 3), padding: (1, 1, 1, 1)), weights: random.numbers(36, 0.7),
                bias: random.numbers(4, 0.2)), name: "depthwise", inputs: [first])
        let second = try graph.append(relu, name: "relu1", inputs: [depthwise])
        let sum = try graph.append(.add, name: "sum", inputs: [first, second])
        let pointwise = try graph.append(
            .convolution(
                Window(kernel: (1, 1)), weights: random.numbers(12, 0.7),
                bias: random.numbers(3, 0.2)),
            name: "pointwise", inputs: [sum])
        let third = try graph.append(relu, name: "relu2", inputs: [pointwise])
        let both = try graph.append(
            .concatenate(axis: 2), name: "concatenation", inputs: [third, second])
        let pool = try graph.append(
            .averagePool(Window(kernel: (5, 10))), name: "pool", inputs: [both])
        let flat = try graph.append(.reshape([7]), name: "flat", inputs: [pool])
        let dense = try graph.append(
            .dense(weights: random.numbers(21, 4), bias: random.numbers(3, 0.5)), name: "dense",
            inputs: [flat])
        try graph.append(.softmax, name: "softmax", inputs: [dense])
        return try TestModel(
            graph, frontEnd: frontEnd ?? logMel(), labels: ["one", "two", "rest"], silent: ["rest"])
    }
}
