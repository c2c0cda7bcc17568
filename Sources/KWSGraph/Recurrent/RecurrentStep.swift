// SPDX-License-Identifier: Apache-2.0

/// A recurrent layer made ready to run.
protocol RecurrentStep: Sendable {
    /// Floats that `run` needs beside input and output.
    var scratchElements: Int { get }

    /// Computes the output of all steps.
    func run(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>)
}

extension FloatOperator {
    /// A recurrent operator over `steps` rows, ready to run; nil for others.
    func recurrentStep(_ steps: Int) -> (any RecurrentStep)? {
        switch self {
        case .lstm(let lstm): LSTMStep(lstm, steps: steps)
        case .gru(let gru): GRUStep(gru, steps: steps)
        default: nil
        }
    }
}
