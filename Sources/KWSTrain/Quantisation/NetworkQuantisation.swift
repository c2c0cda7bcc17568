// SPDX-License-Identifier: Apache-2.0

package import KWSGraph

/// What a network is trained to be rounded to.
package struct NetworkQuantisation: Sendable {
    /// Where widths come from.
    package enum Widths: Sendable, Hashable {
        /// Given: of all layers, and of single ones by name.
        case fixed(Int, layers: [String: Int] = [:])
        /// Learned as `b = round(2 + |beta|)`, from so many bits on.
        case brevitas(from: Int)
        /// Learned as the ratio of range and step, from so many bits on.
        case uhlich(from: Int)
        /// Chosen by `TrainableNetwork.narrowWidths`, from so many bits on.
        case measured(from: Int)

        package var isLearned: Bool {
            if case .fixed = self { false } else { true }
        }
    }

    /// How the input is rounded before it gets here.
    ///
    /// A fine plane's weights are a sixteenth of the others, too small for few bits: layers that read
    /// such an input have weights of 8.
    package var input: InputQuantisation
    package var weights: Widths
    /// Of hidden tensors; what the integer graph needs in bytes has 8 bits.
    package var activations: Widths
    /// Whether layers have a batch norm behind them while they learn, which is folded into what is
    /// deployed (`TrainableNetwork.startNorms`).
    package var normalises = false

    package init(input: InputQuantisation, weights: Widths, activations: Widths) {
        self.input = input
        self.weights = weights
        self.activations = activations
    }
}

extension NetworkQuantisation.Widths {
    /// The form of all quantisers.
    var form: any QuantiserForm {
        switch self {
        case .fixed, .measured: FixedForm()
        case .brevitas: BrevitasForm()
        case .uhlich: UhlichForm()
        }
    }

    /// The bits that a layer's quantiser starts with.
    func bits(of layer: String) -> Int {
        switch self {
        case .fixed(let all, let layers): layers[layer] ?? all
        case .brevitas(let bits), .uhlich(let bits), .measured(let bits): bits
        }
    }
}
