// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSModelFile
internal import KWSRecipe

let trainCommand = Command(
    name: "train", usage: "RECIPE.json -o STEM",
    summary: "Trains a network by a recipe and writes STEM.onnx, STEM.kws.json, STEM.safetensors.",
    options: [
        .init("-o", "STEM", "the path of the files to write, without an ending"),
        .init("--data", "DIR", "what the recipe's paths of data are in (default: its own folder)"),
        .init("--seed", "N", "in place of the recipe's"),
        .init("--threads", "N", "parts that a batch is cut into (default: the number of cores)"),
        .init("--resume", nil, "go on from STEM.checkpoint, which every epoch leaves"),
    ],
    positionals: 1...1
) { arguments in
    let stem = try arguments.required("-o")
    guard !stem.isEmpty else { throw UsageError("-o is empty, allowed is a path") }
    let path = arguments.positionals[0]
    var recipe = try Recipe.load(path: path)
    if let seed = try arguments.integer("--seed", in: 0...Int(UInt32.max)) {
        recipe.seed = UInt64(seed)
    }
    let folder =
        arguments.text("--data")
        ?? URL(fileURLWithPath: path).deletingLastPathComponent().path
    let threads =
        try arguments.integer("--threads", in: 1...64)
        ?? ProcessInfo.processInfo.activeProcessorCount
    let run = try TrainingRun(recipe, data: folder, threads: threads)
    let checkpoint = "\(stem).checkpoint"
    if arguments.flag("--resume") { try run.restore(from: checkpoint) }

    let line = TrainingLine(epochs: recipe.epochs)
    while run.epoch < recipe.epochs {
        let epoch = try run.runEpoch { line.show($0, epoch: run.epoch + 1) }
        try run.save(to: checkpoint)
        line.end(epoch)
    }
    let files = try recipe.write(run.graph, stem: stem)
    Console.out("wrote \(files.joined(separator: ", "))\n")
    return .done
}

/// A line for the running epoch, redrawn in place on a terminal, and one for each that is done.
private final class TrainingLine {
    private let epochs: Int
    private let started = Date()
    private var epochStarted = Date()
    private var firstEpoch: Int?
    private var drawn = Date.distantPast

    init(epochs: Int) {
        self.epochs = epochs
    }

    func show(_ step: TrainingRun.Step, epoch: Int) {
        if firstEpoch == nil { firstEpoch = epoch }
        let now = Date()
        guard Console.errorIsTerminal, now.timeIntervalSince(drawn) > 0.1 else { return }
        drawn = now
        let rate = Double(step.done) / max(1e-3, now.timeIntervalSince(epochStarted))
        let share = Double(epoch - (firstEpoch ?? epoch)) + Double(step.done) / Double(step.of)
        let left =
            now.timeIntervalSince(started) / max(share, 1e-3)
            * (Double(epochs - (firstEpoch ?? epoch) + 1) - share)
        let filled = 20 * step.done / max(1, step.of)
        Console.error(
            "\repoch \(epoch)/\(epochs) [" + String(repeating: "#", count: filled)
                + String(repeating: ".", count: 20 - filled)
                + "] loss \(decimal(step.loss, 3)), "
                + (step.accuracy.map { "\(decimal(100 * $0, 1)) %, " } ?? "")
                + "\(Int(rate)) samples/s, \(Int(left)) s left   ")
    }

    func end(_ epoch: TrainingRun.Epoch) {
        epochStarted = Date()
        func share(_ name: String, _ share: Double?) -> String {
            share.map { ", \(name) \(decimal(100 * $0, 2)) %" } ?? ""
        }
        Console.error(
            (Console.errorIsTerminal ? "\r\u{1B}[K" : "")
                + "epoch \(epoch.number)/\(epochs): loss \(decimal(epoch.loss, 4))"
                + share("accuracy", epoch.accuracy) + share("validation", epoch.validation)
                + ", \(Int(epoch.samplesPerSecond)) samples/s\n")
    }

    private func decimal(_ number: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", number)
    }
}
