// SPDX-License-Identifier: Apache-2.0

/// A recurrent layer made ready to run.
protocol RecurrentStep: Sendable {
    /// Floats that `run` needs beside input and output.
    var scratchElements: Int { get }

    /// Computes the output of all steps.
    ///
    /// - Parameter watch: gets a step's numbers, the step taken: see `watched`.
    func run(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, watch: (UnsafePointer<Float>) -> Void)

    /// How many of a step's numbers there are to watch, one behind the other: cells; what else than
    /// the output a matrix reads (the units before a projection; of a GRU `r * h`); outputs.
    var watched: [Int] { get }
}

extension RecurrentStep {
    func run(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        run(x, y, scratch: scratch, watch: { _ in })
    }
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
