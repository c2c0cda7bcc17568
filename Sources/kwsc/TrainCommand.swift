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

    try run.finish(checkpoint: checkpoint)
    let files = try recipe.write(
        run.graph, quantisation: run.learnedQuantisation, stem: stem)
    if recipe.quantisation != nil { Console.out(widthReport(run)) }
    Console.out("wrote \(files.joined(separator: ", "))\n")
    return .done
}
