// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Saved figures of other engines, or of another run of this one, to put beside new ones.
package struct PeerTable: Sendable {
    package struct Engine: Decodable, Sendable {
        package struct Core: Decodable, Sendable {
            package struct Layer: Decodable, Sendable {
                package var op: String
                package var instructions: Int
            }

            package var core: String
            package var instructions: Int?
            package var ramBytes: Int?
            package var codeBytes: Int?
            package var tableBytes: Int?
            package var stackBytes: Int?
            package var layers: [Layer]?
        }

        /// Nil in what `kwsc bench --json` saved.
        package var engine: String?
        package var cores: [Core]
    }

    private struct File: Decodable {
        var engines: [Engine]
    }

    package private(set) var engines: [Engine]

    /// Reads a file with `engines`, or one that `kwsc bench --json` wrote.
    package init(path: String) throws(EvaluationError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EvaluationError(.noSuchFile, path, "no such file")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            engines = try decoder.decode(File.self, from: data).engines
        } catch {
            do {
                var saved = try decoder.decode(Engine.self, from: data)
                saved.engine = saved.engine ?? "saved"
                engines = [saved]
            } catch {
                throw EvaluationError(
                    .badData, path,
                    "neither a table of engines nor what 'kwsc bench --json' prints: \(error)")
            }
        }
    }

    /// The figures of an engine for a core.
    package func core(_ name: String, of engine: Engine) -> Engine.Core? {
        // The same instructions run on both.
        engine.cores.first { $0.core == (name == "cortex-m0" ? "cortex-m0plus" : name) }
    }

    /// An engine's count of the layer that is the `occurrence`-th of its operator.
    package func instructions(
        _ operation: String, _ occurrence: Int, _ core: Engine.Core
    ) -> Int? {
        let same = (core.layers ?? []).filter { $0.op == operation }
        return occurrence < same.count ? same[occurrence].instructions : nil
    }
}
