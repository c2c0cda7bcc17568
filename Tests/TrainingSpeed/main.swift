// SPDX-License-Identifier: Apache-2.0
//
// Prints how long a training step of the MLPerf Tiny DS-CNN takes at batch 100, the mean of as many
// steps as asked for: seconds, and seconds of all cores' work. Arguments: threads, steps.

internal import Dispatch
internal import KWSGraph
internal import KWSNumerics
internal import KWSTrain

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The network of MLPerf Tiny's keyword spotting: 49 frames of 10 features, 12 classes.
func dsCNN() throws -> FloatGraph {
    var graph = FloatGraph(name: "DS-CNN", inputShape: [49, 10, 1])
    let channels = 64
    let zeros = { (count: Int) in [Float](repeating: 0, count: count) }
    func activate(_ value: ValueID, _ name: String) throws -> ValueID {
        let norm = BatchNorm(
            gamma: zeros(channels), beta: zeros(channels), mean: zeros(channels),
            variance: [Float](repeating: 1, count: channels), epsilon: 1e-3)
        let normed = try graph.append(.batchNorm(norm), name: "\(name).bn", inputs: [value])
        return try graph.append(
            .clip(lower: 0, upper: .infinity), name: "\(name).relu", inputs: [normed])
    }
    let first = try graph.append(
        .convolution(
            Window(kernel: (10, 4), stride: (2, 2), padding: (4, 5, 1, 1)),
            weights: zeros(channels * 40), bias: zeros(channels)),
        name: "conv", inputs: [graph.input])
    var value = try activate(first, "conv")
    for block in 1...4 {
        let depthwise = try graph.append(
            .depthwise(
                Window(kernel: (3, 3), padding: (1, 1, 1, 1)), weights: zeros(9 * channels),
                bias: zeros(channels)),
            name: "dw\(block)", inputs: [value])
        let middle = try activate(depthwise, "dw\(block)")
        let pointwise = try graph.append(
            .convolution(
                Window(kernel: (1, 1)), weights: zeros(channels * channels),
                bias: zeros(channels)),
            name: "pw\(block)", inputs: [middle])
        value = try activate(pointwise, "pw\(block)")
    }
    let pooled = try graph.append(
        .averagePool(Window(kernel: (25, 5))), name: "pool", inputs: [value])
    try graph.append(
        .dense(weights: zeros(12 * channels), bias: zeros(12)), name: "fc", inputs: [pooled])
    return graph
}

let arguments = CommandLine.arguments.dropFirst().compactMap(Int.init)
let threads = arguments.first ?? 2
let steps = arguments.dropFirst().first ?? 30
let samples = 100

var random = SplitMix64(seed: 1)
let network = try TrainableNetwork(
    dsCNN(), TrainableNetwork.Options(batch: samples, threads: threads))
network.initialise(.heFanOut, random: &random)
var settings = Trainer.Settings()
settings.loss = Loss(labelSmoothing: 0.1)
settings.weightDecay = 1e-4
let trainer = Trainer(network, settings, random: random)
let batch = Batch(
    inputs: (0..<samples * network.inputElements).map { _ in Float(random.uniform(-1...1)) },
    labels: (0..<samples).map { $0 % 12 })

for _ in 0..<3 { _ = try trainer.step(batch) }
let (start, work) = (DispatchTime.now().uptimeNanoseconds, clock())
for _ in 0..<steps { _ = try trainer.step(batch) }
let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
print(seconds / Double(steps), Double(clock() - work) / Double(CLOCKS_PER_SEC) / Double(steps))
