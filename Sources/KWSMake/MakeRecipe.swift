// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate

/// The recipe that a user's own words are trained by: the network of Zhang et al. 2017 (DS-CNN, small)
/// on MFCCs.
package struct MakeRecipe: Sendable {
    /// Clips that a run sees in all: about five minutes of training on two cores.
    static let clips = 400_000

    package let name: String
    private let set: TrainingSet
    private let seed: Int
    private let epochs: Int

    /// - Parameters:
    ///   - name: of the model, a C identifier.
    ///   - epochs: nil for as many as make 400,000 clips, 20 to 300.
    package init(_ set: TrainingSet, name: String, seed: Int, epochs: Int?) {
        self.set = set
        self.name = name
        self.seed = seed
        self.epochs = epochs ?? min(300, max(20, Self.clips / max(1, set.count(.train))))
    }

    package var labels: [String] { [TrainingSet.silence, TrainingSet.unknown] + set.words }
    /// A frame reaches a hop beyond its own.
    private var frames: Int { self.set.windowSamples / 320 - 1 }

    /// What the model means.
    ///
    /// - Parameter threshold: of the words; nil for the usual one.
    package func description(threshold: Double? = nil) -> JSON {
        JSON.object([
            ("name", .string(name)),
            ("labels", .array(labels.map { .string($0) })),
            ("keywords", .array(set.words.map { .string($0) })),
            (
                "frontEnd",
                .object([
                    ("frameSamples", .integer(480)), ("hopSamples", .integer(320)),
                    ("frameCount", .integer(frames)), ("fftPoints", .integer(512)),
                    ("window", .string("periodic-hann")),
                    (
                        "bands",
                        .object([
                            ("kind", .string("triangles")), ("count", .integer(40)),
                            ("lowHertz", .integer(20)), ("highHertz", .integer(7600)),
                        ])
                    ),
                    ("logarithm", .object([("naturalOfMaximum", .number(1e-4))])),
                    ("coefficients", .integer(10)),
                ])
            ),
        ]).adding(
            threshold.map { [("detection", .object([("threshold", .number($0))]))] } ?? [])
    }

    private var network: JSON {
        func layer(_ kind: String, _ more: [(String, JSON)]) -> JSON {
            .object(
                [("kind", .string(kind))] + more + [
                    ("padding", .string("same")), ("batchNorm", .bool(true)),
                    ("activation", .string("relu")),
                ])
        }
        func pair(_ height: Int, _ width: Int) -> JSON {
            .array([.integer(height), .integer(width)])
        }
        let block = [
            layer("depthwise", [("kernel", pair(3, 3)), ("stride", pair(1, 1))]),
            layer(
                "convolution",
                [("outputs", .integer(64)), ("kernel", pair(1, 1)), ("stride", pair(1, 1))]),
        ]
        let first = layer(
            "convolution",
            [("outputs", .integer(64)), ("kernel", pair(10, 4)), ("stride", pair(2, 2))])
        let head: [JSON] = [
            .object([("kind", .string("globalAveragePool"))]),
            .object([("kind", .string("flatten"))]),
            .object([("kind", .string("dense")), ("outputs", .integer(labels.count))]),
        ]
        return .object([
            ("input", .array([.integer(frames), .integer(10), .integer(1)])),
            ("layers", .array([first] + block + block + block + block + head)),
        ])
    }

    /// The recipe's text; its folder is the one that holds the training set as `training`.
    package var text: String {
        func source(_ split: String) -> JSON {
            .object([("path", .string("training")), ("split", .string(split))])
        }
        let noise: JSON = .object([
            ("path", .string("training")), ("split", .string("noise")),
            ("probability", .number(0.7)), ("decibels", .array([.integer(0), .integer(30)])),
        ])
        return JSON.object([
            ("description", description()), ("network", network),
            ("training", .array([source("train")])), ("validation", .array([source("val")])),
            (
                "augmentation",
                .object([
                    ("shiftMilliseconds", .integer(100)), ("gainDecibels", .integer(6)),
                    ("speed", .number(0.1)), ("noise", noise),
                    (
                        "masks",
                        .object([
                            ("count", .integer(1)), ("frames", .integer(6)),
                            ("features", .integer(2)),
                        ])
                    ),
                ])
            ),
            (
                "optimiser",
                .object([
                    ("kind", .string("sgd")), ("rate", .number(0.1)), ("momentum", .number(0.9)),
                    ("weightDecay", .number(0.0002)),
                ])
            ),
            ("schedule", .object([("kind", .string("cosine")), ("warmUpEpochs", .integer(1))])),
            ("labelSmoothing", .number(0.1)), ("gradientNorm", .number(5)),
            ("epochs", .integer(epochs)), ("seed", .integer(seed)),
        ]).text + "\n"
    }
}
