// SPDX-License-Identifier: Apache-2.0

/// What simulated streams are made of.
package struct StreamRecipe: Hashable, Sendable {
    /// Samples of one stream.
    package var streamSamples = 10 * AudioFile.sampleRate
    /// Clips in one stream.
    package var words = 3
    /// The chance that a clip is one of another word.
    package var otherShare = 0.0
    /// dB by which a word is above the noise, drawn uniformly, once a stream.
    package var snr = 10.0...10.0
    /// The words' level in dBFS (RMS over the spoken part; 0 dBFS is an RMS of 32768), drawn
    /// uniformly, once a stream.
    package var levels = -36.0 ... -12.0
    /// Where words are spoken; nil: at the microphone.
    package var rooms: Rooms?
    package var seed: UInt64 = 1

    package init() {}
}
