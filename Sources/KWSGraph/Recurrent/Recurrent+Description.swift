// SPDX-License-Identifier: Apache-2.0

extension Recurrence: CustomStringConvertible {
    package var description: String {
        "\(inputs) to \(units)" + (isBackward ? " backward" : "")
            + (returnsSequence ? "" : " last")
    }
}

extension LSTM: CustomStringConvertible {
    package var description: String {
        "\(recurrence)" + (peepholes == nil ? "" : " peepholes")
            + (projection == nil ? "" : " projection \(outputs)")
    }
}

extension GRU: CustomStringConvertible {
    package var description: String {
        "\(recurrence) reset \(resetsAfter ? "after" : "before")"
            + (candidate == .tanh ? "" : " clipped ReLU")
    }
}
