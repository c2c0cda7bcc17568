// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSModelFile
internal import KWSRecipe

extension TrainingRun {
    /// Runs the epochs that are left; each leaves a line, and a checkpoint where that has a path.
    ///
    /// - Parameter goesOn: is asked after each epoch.
    func finish(
        checkpoint: String?, while goesOn: (TrainingRun.Epoch) throws -> Bool = { _ in true }
    ) throws {
        let line = TrainingLine(epochs: recipe.epochs)
        while epoch < recipe.epochs {
            let result = try runEpoch { line.show($0, epoch: epoch + 1) }
            if let checkpoint { try save(to: checkpoint) }
            line.end(result)
            guard try goesOn(result) else { return }
        }
    }
}

/// A line for the running epoch, redrawn in place on a terminal, and one for each that is done.
final class TrainingLine {
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
                + share("pruned", epoch.sparsity)
                + ", \(Int(epoch.samplesPerSecond)) samples/s\n")
    }

    private func decimal(_ number: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", number)
    }
}
