// SPDX-License-Identifier: Apache-2.0

/// The detector's parameters, in the units of kws_detector.
package struct Detection: Hashable, Sendable {
    package struct Keyword: Hashable, Sendable {
        package var classIndex: Int
        /// In units of 1/65536.
        package var threshold: Int

        package init(classIndex: Int, threshold: Int) {
            self.classIndex = classIndex
            self.threshold = threshold
        }
    }

    package var inferenceHops: Int
    package var smoothing: Int
    package var lockoutHops: Int
    package var keywords: [Keyword]
    /// Least difference between the sums of two feature rows, in input steps; 0: no gate.
    package var contrast: Int

    package init(
        inferenceHops: Int, smoothing: Int, lockoutHops: Int, keywords: [Keyword], contrast: Int = 0
    ) {
        self.inferenceHops = inferenceHops
        self.smoothing = smoothing
        self.lockoutHops = lockoutHops
        self.keywords = keywords
        self.contrast = contrast
    }
}
