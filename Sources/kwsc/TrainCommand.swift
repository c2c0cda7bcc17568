// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSEvaluate
internal import KWSModelFile
internal import KWSPasses
internal import KWSRecipe

let trainCommand = Command(
    name: "train", usage: "RECIPE.json -o STEM",
    summary: "Trains a network by a recipe and writes STEM.onnx, STEM.kws.json, STEM.safetensors.",
    options: [
        .init("-o", "STEM", "the path of the files to write, without an ending"),
        .init("--data", "DIR", "what the recipe's paths of data are in (default: its own folder)"),
        .init("--seed", "N", "in place of the recipe's"),
        .init("--threads", "N", "parts that a batch is cut into (default: the number of cores)"),
        .init(
            "--mine", "DIRS",
            "train again with the false alarms in recordings without keywords, DIR or DIR:SPLIT"),
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
    let negatives = arguments.text("--mine")
    guard negatives == nil || recipe.quantisation == nil && recipe.pruning == nil else {
        throw UsageError("--mine is for float networks: prune and round behind it")
    }
    let run = try TrainingRun(recipe, data: folder, threads: threads)
    let checkpoint = "\(stem).checkpoint"
    let isResumed = arguments.flag("--resume")
    let search = try SizeSearch(run)
    if isResumed { try run.restore(from: checkpoint) }
    var files: [String] = []
    if search != nil && !isResumed { files = try recipe.write(run.graph, stem: stem) }

    try run.finish(checkpoint: checkpoint) { epoch in
        guard let search, let cut = try search.judge(run, epoch) else { return true }
        Console.out(cut.text(start: search.start))
        if cut.passes { files = try recipe.write(run.graph, stem: stem) }
        return cut.passes
    }
    if search == nil {
        var graph = run.graph
        if let negatives {
            let mined = try run.falseAlarms(in: DataSet(option: negatives))
            Console.out("mined \(mined.count) false alarms\n")
            if mined.count > 0 {
                let again = try TrainingRun(
                    recipe.goingOn(from: graph), data: folder, mined: mined, threads: threads)
                try again.finish(checkpoint: nil)
                graph = again.graph
            }
        }
        files = try recipe.write(graph, quantisation: run.learnedQuantisation, stem: stem)
        if recipe.quantisation != nil { Console.out(widthReport(run)) }
        if recipe.pruning != nil { Console.out("\(try PrunedSize(run.graph).text)\n") }
    }
    Console.out("wrote \(files.joined(separator: ", "))\n")
    return .done
}

extension SizeSearch.Cut {
    fileprivate func text(start: Double) -> String {
        String(
            format: "pruned %.1f %%: validation %.2f %% (at the start %.2f %%); ",
            100 * sparsity, 100 * accuracy, 100 * start)
            + (passes ? "good enough; " : "not good enough; ")
            + size.text + "\n"
    }
}
