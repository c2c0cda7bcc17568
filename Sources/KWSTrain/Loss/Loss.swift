// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// What training makes small, a mean over the batch's samples; worked out from logits, in double.
///
/// With p the softmax of the logits, q the smoothed label, and p_T, t the softmaxes of a student's
/// and a teacher's logits divided by T:
/// `(1 - weight) * sum -q log p + weight * T^2 * sum t log(t / p_T)`.
/// A sample without a label has only the second term, a batch without a teacher only
/// `sum -q log p`.
package struct Loss: Sendable {
    /// Learning from a teacher's logits (Hinton, Vinyals, Dean 2015, section 2).
    package struct Distillation: Sendable {
        package var temperature: Double
        /// Share of the teacher's term, 0 to 1.
        package var weight: Double
        /// What the distance of hidden activations counts beside, where the network imitates.
        package var hiddenWeight: Double

        package init(temperature: Double, weight: Double, hiddenWeight: Double = 0) {
            precondition(temperature > 0 && (0...1).contains(weight), "T > 0, weight 0 to 1")
            precondition(hiddenWeight >= 0, "no negative weight")
            self.temperature = temperature
            self.weight = weight
            self.hiddenWeight = hiddenWeight
        }
    }

    /// `q = (1 - labelSmoothing) * one-hot + labelSmoothing / classes` (Szegedy et al. 2016,
    /// section 7).
    package var labelSmoothing: Double
    package var distillation: Distillation?

    package init(labelSmoothing: Double = 0, distillation: Distillation? = nil) {
        precondition((0..<1).contains(labelSmoothing), "label smoothing 0 to 1")
        self.labelSmoothing = labelSmoothing
        self.distillation = distillation
    }

    /// The loss of one sample; its gradient by the logits, times `share`, goes to `gradient`.
    ///
    /// - Requires: `label < classes`.
    func callAsFunction(
        logits: UnsafeBufferPointer<Float>, label: Int, teacher: UnsafeBufferPointer<Float>?,
        share: Double, gradient: UnsafeMutableBufferPointer<Float>
    ) -> Double {
        gradient.update(repeating: 0)
        let student = LogSoftmax(logits, temperature: 1)
        var loss = 0.0
        let teaching = teacher == nil ? nil : distillation
        if label >= 0 {
            let weight = 1 - (teaching?.weight ?? 0)
            let rest = labelSmoothing / Double(logits.count)
            for c in logits.indices {
                let q = rest + (c == label ? 1 - labelSmoothing : 0)
                let log = student.of(logits[c])
                loss -= weight * q * log
                gradient[c] = Float(share * weight * (exp(log) - q))
            }
        }
        if let teaching, let teacher {
            let temperature = teaching.temperature
            let cooled = LogSoftmax(logits, temperature: temperature)
            let wanted = LogSoftmax(teacher, temperature: temperature)
            for c in logits.indices {
                let (log, target) = (cooled.of(logits[c]), wanted.of(teacher[c]))
                loss += teaching.weight * temperature * temperature * exp(target) * (target - log)
                gradient[c] += Float(
                    share * teaching.weight * temperature * (exp(log) - exp(target)))
            }
        }
        return loss
    }
}

/// Logarithms of the softmax of numbers divided by a temperature.
struct LogSoftmax {
    private let most: Double
    private let logarithm: Double
    private let temperature: Double

    init(_ numbers: UnsafeBufferPointer<Float>, temperature: Double) {
        let most = Double(numbers.max() ?? 0)
        self.most = most
        self.temperature = temperature
        logarithm = log(numbers.reduce(0) { $0 + exp((Double($1) - most) / temperature) })
    }

    func of(_ number: Float) -> Double { (Double(number) - most) / temperature - logarithm }
}
