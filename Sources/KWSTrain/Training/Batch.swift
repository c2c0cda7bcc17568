// SPDX-License-Identifier: Apache-2.0

/// Samples for one step, with what is known of each.
package struct Batch: Sendable {
    /// `[sample][element]`.
    package var inputs: [Float]
    /// A class a sample, -1 for a sample without one.
    package var labels: [Int]
    /// A teacher's logits `[sample][class]`; empty if there is no teacher.
    package var teacher: [Float]

    package init(inputs: [Float], labels: [Int], teacher: [Float] = []) {
        self.inputs = inputs
        self.labels = labels
        self.teacher = teacher
    }
}
