// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSCompile
internal import KWSEvaluate
internal import KWSFrontEnd
internal import KWSGraph
internal import KWSModelFile

/// Where the ranges of activations come from: recordings if there are any, else synthetic sounds.
struct CalibrationSource {
    let path: String?
    let clips: Int

    /// Inputs of a model's network, made from the source by its front end.
    func features(_ model: LoadedModel) throws -> [[Float]] {
        guard let frontEnd = model.description.frontEnd else {
            Console.error(
                "kwsc: the model has no front end; ranges come from random features in -1...1, "
                    + "so expect a poor model until you give it one\n")
            return SyntheticSounds(seed: 1).features(
                clips, of: model.graph.shape(of: model.graph.input).elements)
        }
        let isSequence = model.description.isStateful && frontEnd.normalisation != .windowPeak
        let samples =
            isSequence ? max(frontEnd.windowSamples, frontEnd.sampleRate) : frontEnd.windowSamples
        let pcm: [[Int16]]
        if let path {
            pcm = try recordings(path, samples: samples)
        } else {
            Console.error(
                "kwsc: no --calibrate DATA; ranges come from synthetic sounds\n")
            pcm = SyntheticSounds(seed: 1).clips(clips, samples: samples)
        }
        let floatFrontEnd = FloatFrontEnd(frontEnd)
        return try Parallel.map(pcm.count) { index throws(EvaluationError) in
            isSequence
                ? floatFrontEnd.rows(of: joined(pcm, from: index, seconds: frontEnd.sampleRate))
                : floatFrontEnd.features(of: pcm[index])
        }
    }

    /// For a network that keeps its states: four clips one behind the other, a second of each.
    private func joined(_ pcm: [[Int16]], from first: Int, seconds second: Int) -> [Int16] {
        (first..<first + 4).flatMap { index in
            let clip = pcm[index % pcm.count].prefix(second)
            return clip + Array(repeating: 0, count: second - clip.count)
        }
    }

    /// Clips at even distances through a data set (its train split, where it has one), or pieces of
    /// one recording.
    private func recordings(_ path: String, samples: Int) throws -> [[Int16]] {
        if !path.isFolder {
            let sound = try AudioFile.read(path)
            let count = max(1, min(clips, sound.count / samples))
            return (0..<count).map { index in
                Array(sound.dropFirst(index * (sound.count / count)).prefix(samples))
            }
        }
        var data = try DataSet.load(path)
        if data.clips.contains(where: { $0.split == "train" }) {
            data.clips.removeAll { $0.split != "train" }
        }
        return try data.spread(clips).clips.map { try $0.read() }
    }
}

extension String {
    /// Whether a folder has this path.
    fileprivate var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: self, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}
