// SPDX-License-Identifier: Apache-2.0
//
// Goal: what a run cuts stays zero, whatever the optimiser and the checkpoint; importance beats
// chance; the size search ends where the network suffers. Method: tones and noise.

import Foundation
import KWSGraph
import KWSModelFile
import KWSPasses
import KWSRecipe
import KWSTrain
import Testing

@Suite final class PruningRunTests: ToneClips {
    private func pruned(
        _ schedule: Recipe.Pruning.Schedule, _ measure: ImportanceMeasure = .input,
        sparsity: Double = 0.5, granularity: PruningGranularity = .weights,
        _ change: (inout Recipe) -> Void = { _ in }
    ) throws -> TrainingRun {
        try run {
            $0.batch = 4
            $0.pruning = Recipe.Pruning(
                settings: PruningSettings(
                    sparsity: sparsity, measure: measure, granularity: granularity),
                schedule: schedule)
            change(&$0)
        }
    }

    private func weights(_ run: TrainingRun) -> [Float] { run.graph.prunable.flatMap(\.weights) }

    @Test(arguments: ImportanceMeasure.allCases)
    func whatIsCutStaysZero(measure: ImportanceMeasure) throws {
        // 24 clips in batches of 4: 6 steps an epoch, cuts before steps 3, 6, 9 and 12.
        let run = try pruned(.gradual(first: 0, last: 2, everySteps: 3), measure) {
            $0.optimiser = .adam
            $0.rate = 0.01
            $0.weightDecay = 0.01
        }
        var gone: Set<Int> = []
        for _ in 1...4 {
            let result = try run.runEpoch { _ in }
            let zeros = Set(weights(run).indices.filter { weights(run)[$0].bitPattern == 0 })
            #expect(zeros.isSuperset(of: gone))
            gone = zeros
            #expect(result.sparsity == Double(zeros.count) / 44)
        }
        #expect(gone.count == 22)
        #expect(weights(run).count { $0 != 0 } == 22)
    }

    @Test(arguments: [ImportanceMeasure.centred, .surgeon])
    func masksGoOnFromACheckpoint(measure: ImportanceMeasure) throws {
        let (straight, second) = try resumed {
            try pruned(.gradual(first: 0, last: 3, everySteps: 4), measure) {
                $0.distillation = Recipe.Distillation(
                    teacher: $0.model.graph, mixing: Recipe.Mixing(share: 0.5, noise: 0.1))
            }
        }
        #expect(weights(straight).map(\.bitPattern) == weights(second).map(\.bitPattern))
        #expect(weights(straight).count { $0 == 0 } == 22)
        // A run without masks has another state.
        let plain = try run { $0.batch = 4 }
        #expect(throws: ModelFileError.self) {
            try second.save(to: "\(folder)/masked")
            try plain.save(to: "\(folder)/plain")
            try second.restore(from: "\(folder)/plain")
        }
    }

    @Test func unitsAreCutAndGone() throws {
        let run = try pruned(.oneShot, .rms, granularity: .units) { $0.epochs = 2 }
        for _ in 0..<2 { _ = try run.runEpoch { _ in } }
        // 22 of 44 weights, in units of 9.
        #expect(try PrunedSize(run.graph).widths == [2, 2])
    }

    @Test func importanceBeatsChance() throws {
        // A network that knows tones from noise loses most of its weights at once.
        let trained = try run {
            $0.epochs = 12
            $0.validation = $0.training
        }
        for _ in 0..<12 { _ = try trained.runEpoch { _ in } }
        func loss(_ measure: ImportanceMeasure, seed: UInt64) throws -> Double {
            let run = try pruned(.oneShot, measure, sparsity: 0.7) {
                $0.model.graph = trained.graph
                $0.isImported = true
                $0.rate = 1e-9
                $0.seed = seed
                $0.augmentation.shiftMilliseconds = 0
                $0.augmentation.speed = 0
                $0.augmentation.masks = nil
            }
            return try run.runEpoch { _ in }.loss
        }
        let chance = try (1...5).map { try loss(.random, seed: $0) }.reduce(0, +) / 5
        for measure in [ImportanceMeasure.input, .rms, .centred, .magnitude] {
            let measured = try loss(measure, seed: 1)
            #expect(measured < chance, "\(measure.rawValue)")
        }
    }

    @Test func theSearchEndsWhereTheNetworkSuffers() throws {
        let trained = try run { $0.epochs = 12 }
        for _ in 0..<12 { _ = try trained.runEpoch { _ in } }
        let run = try run {
            $0.epochs = 12
            $0.model.graph = trained.graph
            $0.isImported = true
            $0.validation = $0.training
            $0.pruning = Recipe.Pruning(
                settings: PruningSettings(sparsity: 0.98), schedule: .iterative([0.3, 0.98]),
                tolerance: 0.05)
        }
        let search = try #require(try SizeSearch(run))
        #expect(search.start >= 0.9)
        var cuts: [SizeSearch.Cut] = []
        for _ in 0..<12 {
            if let cut = try search.judge(run, try run.runEpoch { _ in }) { cuts.append(cut) }
        }
        let sparsities: [Double] = [0.295_454_545_454_545_45, 0.954_545_454_545_454_5]
        #expect(cuts.count == 2)
        for (cut, sparsity) in zip(cuts, sparsities) {
            #expect(abs(cut.sparsity - sparsity) < 1e-9)
        }
        for cut in cuts { #expect(cut.passes == (cut.accuracy >= search.start - 0.05)) }
        #expect(cuts[0].size.nonZeros > cuts[1].size.nonZeros)
        #expect(cuts[0].accuracy > 0.9)
        let plain = try self.run()
        #expect(try SizeSearch(plain) == nil)
    }

    /// A network that was pruned elsewhere is trained on: its zeros stay, whatever Adam does.
    @Test func importedZerosStay() throws {
        let cut = try pruned(.oneShot) { $0.epochs = 1 }
        _ = try cut.runEpoch { _ in }
        let zeros = weights(cut).indices.filter { weights(cut)[$0] == 0 }
        #expect(zeros.count == 22)
        let run = try run {
            $0.model.graph = cut.graph
            $0.isImported = true
            $0.optimiser = .adam
            $0.rate = 0.01
        }
        for _ in 0..<2 { _ = try run.runEpoch { _ in } }
        #expect(weights(run).indices.filter { weights(run)[$0] == 0 } == zeros)
        #expect(weights(run) != weights(cut))
    }
}
