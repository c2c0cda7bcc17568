// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate
package import KWSModelFile

/// The clips of a recipe's sources in memory, each with its class.
package struct Examples: Sendable {
    /// The files.
    package let names: [String]
    package let pcm: [[Int16]]
    /// An index into the model's labels; -1 for a clip of an unlabelled source.
    package let classes: [Int]

    package var count: Int { pcm.count }

    /// Reads all clips on all cores.
    ///
    /// - Parameters:
    ///   - folder: what the paths of the sources are relative to.
    ///   - labels: of the model.
    /// - Throws: `EvaluationError` naming the file that is missing or damaged, or the label that is
    ///   none of the model's.
    package init(
        _ sources: [Recipe.Source], in folder: String, labels: [String],
        progress: Parallel.Progress? = nil
    ) throws(EvaluationError) {
        let map = ClassMap(classes: labels)
        var clips: [Clip] = []
        var classes: [Int] = []
        for source in sources {
            for clip in try source.dataSet(in: folder).clips {
                guard let index = source.isUnlabelled ? -1 : map.index(of: clip) else {
                    throw EvaluationError(
                        .badData, clip.path,
                        "label '\(clip.label)'; the model's are \(labels.joined(separator: ", "))")
                }
                clips.append(clip)
                classes.append(index)
            }
        }
        let all = clips
        names = all.map(\.path)
        pcm = try Parallel.map(all.count, progress: progress) {
            index throws(EvaluationError) in try all[index].read()
        }
        self.classes = classes
    }
}

extension Examples {
    private init(names: [String], pcm: [[Int16]], classes: [Int]) {
        (self.names, self.pcm, self.classes) = (names, pcm, classes)
    }

    /// Pieces of recordings, all of one class.
    init(_ pieces: [(name: String, pcm: [Int16])], label: Int) {
        self.init(
            names: pieces.map(\.name), pcm: pieces.map(\.pcm),
            classes: pieces.map { _ in label })
    }

    static func + (a: Examples, b: Examples) -> Examples {
        Examples(names: a.names + b.names, pcm: a.pcm + b.pcm, classes: a.classes + b.classes)
    }
}

extension Recipe.Source {
    func dataSet(in folder: String) throws(EvaluationError) -> DataSet {
        try DataSet.load(path.hasPrefix("/") ? path : "\(folder)/\(path)", split: split)
    }
}
