// SPDX-License-Identifier: Apache-2.0

package import KWSEvaluate
package import KWSModelFile

extension Recipe.Source {
    /// The training clips of a data set: its train split, where it has one. Their labels count if each
    /// is one of the model's, or is covered by its class for unknown words, and some are the model's own
    /// words; else they are clips without labels.
    package static func matching(
        _ path: String, labels: [String]
    ) throws(EvaluationError) -> Recipe.Source {
        let clips = try DataSet.load(path).clips
        let split = clips.contains { $0.split == "train" } ? "train" : nil
        let chosen = clips.filter { split == nil || $0.split == split }
        let map = ClassMap(classes: labels)
        let classes = chosen.map { map.index(of: $0) }
        let knowsAll = !classes.contains(nil)
        let knowsWords = classes.contains {
            $0 != nil && $0 != map.unknown && $0 != map.silence
        }
        return Recipe.Source(
            path: path, split: split, isUnlabelled: !(knowsAll && knowsWords))
    }
}
