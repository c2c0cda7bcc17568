// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The clips of a folder, in an order that does not depend on the machine.
package struct DataSet: Sendable {
    package var root: String
    package var clips: [Clip]

    package init(root: String, clips: [Clip]) {
        self.root = root
        self.clips = clips
    }

    /// Finds the clips of a folder: by its `index.csv`, or as a Speech Commands tree.
    ///
    /// - Parameters:
    ///   - split: takes only this part of the set; nil takes everything.
    /// - Throws: if the folder is missing, its index does not parse, or no clip is left.
    package static func load(_ root: String, split: String? = nil) throws(EvaluationError)
        -> DataSet
    {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else {
            throw EvaluationError(.noSuchFile, root, "no such folder")
        }
        guard isFolder.boolValue else {
            throw EvaluationError(
                .badData, root, "found a file; allowed: a folder with index.csv or label folders")
        }
        let index = "\(root)/index.csv"
        var clips =
            FileManager.default.fileExists(atPath: index)
            ? try IndexReader.clips(index: index, root: root)
            : try SpeechCommandsTree.clips(root: root)
        guard !clips.isEmpty else {
            throw EvaluationError(
                .badData, root,
                "holds no clips; allowed: index.csv with path,label columns, "
                    + "or folders of WAV, FLAC or Ogg files named by label")
        }
        if let split {
            let found = Set(clips.map(\.split)).sorted()
            clips.removeAll { $0.split != split }
            guard !clips.isEmpty else {
                throw EvaluationError(
                    .badData, root,
                    "no clip of split '\(split)'; found \(found.map { "'\($0)'" })")
            }
        }
        return DataSet(root: root, clips: clips)
    }

    /// Whether a file's name is that of a recording.
    package static func isRecording(_ file: String) -> Bool { SpeechCommandsTree.isAudio(file) }

    /// The set without all but `count` clips spread evenly over it.
    package func spread(_ count: Int) -> DataSet {
        guard count < clips.count else { return self }
        return DataSet(
            root: root, clips: (0..<count).map { clips[$0 * clips.count / count] })
    }
}
