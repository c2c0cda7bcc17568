// SPDX-License-Identifier: Apache-2.0

internal import KWSEvaluate

extension DataSet {
    /// The clips of one or several data sets, as an option names them: DIR or DIR:SPLIT, with commas.
    init(option: String) throws(EvaluationError) {
        self.init(root: option, clips: [])
        for item in option.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: ":", maxSplits: 1).map(String.init)
            clips += try Self.load(parts.first ?? "", split: parts.count > 1 ? parts[1] : nil).clips
        }
    }
}
