// SPDX-License-Identifier: Apache-2.0

package import KWSGraph
internal import KWSNumerics

/// How much each weight of a matrix matters.
///
/// Removing `w` changes its sum by `w x`: what a measure of inputs counts. With E over the calibration
/// data, for `y_i = sum_j w_ij x_j + b_i`.
package protocol Importance: Sendable {
    /// Of each weight `[rows][columns]`, 0 or more. A layer with other scales has other outputs: weights
    /// count times the scale of a batch norm behind them.
    func scores(_ evidence: PruningEvidence) -> [Float]
}

/// What is known of a matrix.
package struct PruningEvidence: Sendable {
    package var matrix: PrunableMatrix
    package var inputs: InputStatistics?
    package var gradients: WeightGradients?
    package var moments: InputMoments?
    package var seed: UInt64

    package init(
        matrix: PrunableMatrix, inputs: InputStatistics? = nil, gradients: WeightGradients? = nil,
        moments: InputMoments? = nil, seed: UInt64 = 1
    ) {
        self.matrix = matrix
        self.inputs = inputs
        self.gradients = gradients
        self.moments = moments
        self.seed = seed
    }

    /// `|w|` times its row's scale and its column's factor.
    fileprivate func scaled(by factors: [Double]?) -> [Float] {
        scaled(by: factors, rows: matrix.scales)
    }

    fileprivate func scaled(by factors: [Double]?, rows: [Float]) -> [Float] {
        let columns = matrix.columns
        return matrix.weights.indices.map { i in
            abs(matrix.weights[i]) * rows[i / columns]
                * (factors.map { Float($0[i % columns]) } ?? 1)
        }
    }

    /// What a row's error does to the loss: the root of `sum_j E (dL/dw_j)^2 / sum_j E x_j^2`, which is
    /// that of the sum of `(dL/dy)^2` over an input's sums where `dL/dy` and x have nothing to do with one
    /// another. A hundredth of the mean is added: no row is for nothing. Without gradients its scale.
    fileprivate var rowWeights: [Float] {
        guard let gradients, let inputs else { return matrix.scales }
        let power = inputs.rms.reduce(0) { $0 + $1 * $1 }
        let columns = matrix.columns
        let weights = (0..<matrix.rows).map { row -> Float in
            let sum = gradients.square[row * columns..<(row + 1) * columns].reduce(0.0) {
                $0 + Double($1)
            }
            return Float((sum / max(power, 1e-30)).squareRoot())
        }
        let least = weights.reduce(0, +) / Float(100 * max(1, weights.count))
        return weights.map { $0 + least }
    }
}

/// Means over samples of each weight's gradient of the loss, and of its square.
package struct WeightGradients: Sendable {
    package var mean: [Float]
    package var square: [Float]

    package init(mean: [Float], square: [Float]) {
        self.mean = mean
        self.square = square
    }
}

extension ImportanceMeasure {
    package var importance: any Importance {
        switch self {
        case .input: InputImportance()
        case .rms: RMSImportance()
        case .centred: CentredImportance()
        case .surgeon: SurgeonImportance()
        case .magnitude: MagnitudeImportance()
        case .taylor: TaylorImportance()
        case .fisher: FisherImportance()
        case .random: RandomImportance()
        }
    }

    package var needsInputs: Bool { [.input, .rms, .centred].contains(self) }
    package var needsMoments: Bool { self == .surgeon }
    package var needsGradients: Bool { [.taylor, .fisher].contains(self) }
    /// Whether gradients say how much a row's error matters: those of classes drawn from the network's
    /// own posteriors, for the loss's expected growth (Fisher's information).
    package var takesPosteriorGradients: Bool { self == .surgeon }
}

/// `|w|` (Han et al. 2015).
package struct MagnitudeImportance: Importance {
    package init() {}

    package func scores(_ evidence: PruningEvidence) -> [Float] { evidence.scaled(by: nil) }
}

/// `|w| E|x|`: our choice after Xue et al. 2018. Without statistics the magnitude.
package struct InputImportance: Importance {
    package init() {}

    package func scores(_ evidence: PruningEvidence) -> [Float] {
        evidence.scaled(by: evidence.inputs?.magnitude)
    }
}

/// `|w| sqrt(E x^2)` (Wanda, Sun et al. 2023; layer-wise optimal brain damage, LeCun et al. 1990).
/// Without statistics the magnitude.
package struct RMSImportance: Importance {
    package init() {}

    package func scores(_ evidence: PruningEvidence) -> [Float] {
        evidence.scaled(by: evidence.inputs?.rms)
    }
}

/// `|w| std(x)`: what is left of the error once the bias has taken over the mean; without a bias as
/// `RMSImportance`. Without statistics the magnitude.
package struct CentredImportance: Importance {
    package init() {}

    package func scores(_ evidence: PruningEvidence) -> [Float] {
        evidence.scaled(by: Self.factors(evidence))
    }

    fileprivate static func factors(_ evidence: PruningEvidence) -> [Double]? {
        evidence.matrix.hasBias ? evidence.inputs?.deviation : evidence.inputs?.rms
    }
}

/// The root of what a removal adds to the sum's squared error once the weights that stay make up for
/// it (`Surgeon`), times what the row's error does to the loss. Without moments, as for sums of too many
/// numbers, `CentredImportance` in place of the former.
package struct SurgeonImportance: Importance {
    package init() {}

    package func scores(_ evidence: PruningEvidence) -> [Float] {
        let (matrix, rows) = (evidence.matrix, evidence.rowWeights)
        guard let surgeon = evidence.moments?.surgeon(hasBias: matrix.hasBias) else {
            return evidence.scaled(by: CentredImportance.factors(evidence), rows: rows)
        }
        return zip(matrix.weights.indices, surgeon.scores(matrix.weights)).map { i, score in
            score * rows[i / matrix.columns]
        }
    }
}

/// `|w E(dL/dw)|`, the first term of the loss's Taylor series (Molchanov et al. 2017).
///
/// - Requires: gradients.
package struct TaylorImportance: Importance {
    package init() {}

    package func scores(_ evidence: PruningEvidence) -> [Float] {
        guard let gradients = evidence.gradients else { preconditionFailure("no gradients") }
        return zip(evidence.matrix.weights, gradients.mean).map { abs($0 * $1) }
    }
}

/// `w^2 E((dL/dw)^2) / 2` (Theis et al. 2018).
///
/// - Requires: gradients.
package struct FisherImportance: Importance {
    package init() {}

    package func scores(_ evidence: PruningEvidence) -> [Float] {
        guard let gradients = evidence.gradients else { preconditionFailure("no gradients") }
        return zip(evidence.matrix.weights, gradients.square).map { $0 * $0 * $1 / 2 }
    }
}

/// Numbers drawn uniformly from 0 to 1; a weight of zero has none, so that what is gone stays gone.
package struct RandomImportance: Importance {
    package init() {}

    package func scores(_ evidence: PruningEvidence) -> [Float] {
        var random = SplitMix64(seed: evidence.seed, index: evidence.matrix.node)
        return evidence.matrix.weights.map { weight in
            let drawn = Float(1 - random.unit())
            return weight == 0 ? 0 : drawn
        }
    }
}
