// SPDX-License-Identifier: Apache-2.0

/// A model on several boards, for each as it is compiled for the board's core.
package struct BenchReport: Sendable {
    package var name: String
    package var application: InFlashImage
    package var outcomes: [BenchRun.Outcome]
    package var peers: PeerTable?
    /// The same model where layers keep rows, by board.
    package var rows: [String: BenchResult]
    /// Whether one hop of the front end is reported too.
    package var hasFrontEnd: Bool

    package init(
        name: String, application: InFlashImage,
        outcomes: [BenchRun.Outcome], peers: PeerTable?,
        rows: [String: BenchResult] = [:], hasFrontEnd: Bool
    ) {
        self.name = name
        self.application = application
        self.outcomes = outcomes
        self.peers = peers
        self.rows = rows
        self.hasFrontEnd = hasFrontEnd
    }

    var results: [BenchResult] {
        outcomes.compactMap { if case .measured(let result) = $0 { result } else { nil } }
    }

    var leftOut: [EmulatedBoard] {
        outcomes.compactMap { if case .tooLarge(let board) = $0 { board } else { nil } }
    }

    /// 0 for the first layer of its operator, 1 for the second, ...
    static func occurrences(_ layers: [BenchResult.Layer]) -> [Int] {
        var seen: [String: Int] = [:]
        return layers.map { layer in
            defer { seen[layer.operation, default: 0] += 1 }
            return seen[layer.operation, default: 0]
        }
    }
}
