// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

/// How a recurrent layer goes through a batch: values are `[sample][row][..]`, and a step takes the
/// same row of all samples of a shard.
struct RecurrentRows: Sendable {
    let form: Recurrence
    /// Rows of a sample.
    let count: Int
    /// Numbers of a row of the output.
    let outputs: Int

    /// The row of a step, and of the step behind it; nil behind the last.
    func row(_ step: Int) -> Int { form.isBackward ? count - 1 - step : step }
    func next(_ step: Int) -> Int? { step + 1 < count ? row(step + 1) : nil }

    /// Where a sample's state of a step goes to in the output, if it does.
    func output(_ sample: Int, _ step: Int) -> Int? {
        if form.returnsSequence { return (sample * count + row(step)) * outputs }
        return step == count - 1 ? sample * outputs : nil
    }
}
