// SPDX-License-Identifier: Apache-2.0

/// Samples for one step, with what is known of each.
package struct Batch: Sendable {
    /// `[sample][element]`.
    package var inputs: [Float]
    /// A class a sample, -1 for a sample without one.
    package var labels: [Int]
    /// A teacher's logits `[sample][class]`; empty if there is no teacher.
    package var teacher: [Float]
    /// Of sequences what each row should say, instead of labels; empty for samples of one row.
    package var rows: [RowTargets] = []

    package var samples: Int { rows.isEmpty ? labels.count : rows.count }

    package init(inputs: [Float], labels: [Int], teacher: [Float] = []) {
        self.inputs = inputs
        self.labels = labels
        self.teacher = teacher
    }

    /// Sequences.
    package init(inputs: [Float], rows: [RowTargets]) {
        self.init(inputs: inputs, labels: [])
        self.rows = rows
    }
}
