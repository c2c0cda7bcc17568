// SPDX-License-Identifier: Apache-2.0

let makeCommand = Command(
    name: "make", usage: "WAVS -o DIR",
    summary: "Makes a spotter of your own words from a folder of recordings for each.",
    options: [
        .init("-o", "DIR", "the folder to write; made if it is not there"),
        targetOption,
        .init("--words", "A,B,..", "the words to hear (default: all); the others are other speech"),
        .init(
            "--others", "DATA", "more speech without the words, an index.csv set or word folders"),
        .init("--noise", "DATA", "noise: a set, or a folder of recordings"),
        .init("--name", "NAME", "of the model and its C names (default: the folder's)"),
        .init(
            "--weights", "BITS", "bits of a weight: 8, 4, 3, 2 (default: 4 unless 8 hear better)"),
        .init("--epochs", "N", "rounds of training (default: what five minutes allow)"),
        .init("--seed", "N", "draws people, negatives and weights (default 1)"),
        .init("--recipe-only", nil, "write training set and recipe, for 'kwsc train'; stop there"),
        .init("--resume", nil, "go on with a training that was interrupted"),
    ],
    positionals: 1...1
) { arguments in
    let maker = try Maker(arguments)
    let set = try maker.prepare()
    let recipe = try maker.writeRecipe(set)
    if arguments.flag("--recipe-only") { return .done }
    try maker.train()
    let choice = try maker.compress(recipe, set)
    try maker.write(choice, set)
    return .done
}
