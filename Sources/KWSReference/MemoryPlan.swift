// SPDX-License-Identifier: Apache-2.0

/// Where everything of an instance lies: offsets in bytes from its start, multiples of 16.
///
/// Unlike in the library, every tensor has a place of its own, whatever the arena says.
struct MemoryPlan {
    /// Offsets of the tensors' elements: int32 `[tensor_count]`.
    let elementPlaces: Int
    /// Offsets of the tensors' bytes as the library stores them: int32 `[tensor_count]`.
    let bytePlaces: Int
    /// Offsets of the layers' weights: int32 `[layer_count]`.
    let weightPlaces: Int
    /// The tensors one behind the other, uint8 an element, with the rows before the window that
    /// streamed layers look at, and for those of fewer bits their stored bytes behind; each at a
    /// multiple of 4.
    let tensors: Int
    /// The weights of all layers, int8 `[out][k]`, each at a multiple of 4.
    let weights: Int
    /// What each recurrent layer works with: int16 `[units]`, uint8 `[outputs]`, `[units]`; see
    /// `Block.statePlace(of:)`.
    let states: Int
    /// uint16 `[keyword_count + phrase_count]`.
    let thresholds: Int
    /// The latest posteriors: uint16 `[smoothing][keyword_count]`.
    let posteriors: Int
    /// Logarithms of the latest scores of all phrases' words: int32 `[phrase_decisions][phrase_words]`.
    let wordLogarithms: Int
    /// The best of a phrase's first words: `[8]` of `PhrasePath`.
    let paths: Int
    /// The latest samples: int16 `[pcm_capacity]`.
    let samples: Int
    /// A frame after the window: int32 `[fft_points]`, read as `[M]` complex numbers.
    let frame: Int
    /// Its transform: `[M]` complex numbers.
    let transform: Int
    /// Its spectrum: `[M + 1]` complex numbers.
    let spectrum: Int
    /// The latest rows of logarithms, or of samples: int16 `[frame_count][rowLength]`.
    let rows: Int
    /// The largest sample of each of the latest hops: int16 `[window_hops]`.
    let peaks: Int
    /// The running means of PCEN: `[band_count]`.
    let means: Int
    /// One row on its way to features: int32 `[rowLength]`.
    let row: Int
    /// All of it.
    let bytes: Int

    /// Plans for a block that the check has seen.
    init(_ block: Block) throws(ReferenceError) {
        var end: Int64 = 0
        func take(_ bytes: Int64) -> Int64 {
            let start = end
            end = (start + bytes + 15) & ~15
            return start
        }
        let header = block.header
        _ = take(Int64(MemoryLayout<SpotterState>.size))
        let elementPlaces = take(4 * Int64(header.tensorCount))
        let bytePlaces = take(4 * Int64(header.tensorCount))
        let weightPlaces = take(4 * Int64(header.layerCount))
        var elements: Int64 = 0
        for index in 0..<header.tensorCount {
            let tensor = block.tensor(index)
            let before = Int64(block.rowsBefore(tensor: index) * tensor.width * tensor.channels)
            elements += (tensor.wideElements + before + 3) & ~3
            if tensor.bits < 8 { elements += (Int64(tensor.height) * tensor.rowBytes + 3) & ~3 }
        }
        let tensors = take(elements)
        var numbers: Int64 = 0
        for index in 0..<header.layerCount {
            guard let weights = block.weights(of: block.layer(index)) else { continue }
            numbers += (Int64(weights.outputs) * Int64(weights.columns) + 3) & ~3
        }
        let weights = take(numbers)
        let states = take(Int64(block.statePlace(of: header.layerCount)))

        let keywords = Int64(block.detector?.keywordCount ?? 0)
        let thresholds = take(2 * (keywords + Int64(block.detector?.phraseCount ?? 0)))
        let posteriors = take(2 * keywords * Int64(block.detector?.smoothing ?? 0))
        let wordLogarithms = take(
            4 * Int64(block.detector?.phraseWords ?? 0)
                * Int64(block.detector?.phraseDecisions ?? 0))
        let paths = take(Int64(MemoryLayout<PhrasePath>.stride * DetectorRecord.wordsMax))

        let frontEnd = block.frontEnd
        let points = Int64(frontEnd?.points ?? 0)
        let bands = Int64(frontEnd?.bandCount ?? 0)
        let samples = take(2 * Int64(frontEnd?.pcmCapacity ?? 0))
        let frame = take(8 * points)
        let transform = take(8 * points)
        let spectrum = take(8 * (points + 1))
        let length = Int64(frontEnd?.rowLength ?? 0)
        let rows = take(2 * length * Int64(frontEnd?.frameCount ?? 0))
        let peaks = take(2 * Int64(frontEnd?.windowHops ?? 0))
        let means = take(
            frontEnd?.features == .pcen ? Int64(MemoryLayout<MeanEnergy>.stride) * bands : 0)
        let row = take(4 * length)
        guard end <= Int64(Int32.max) else {
            throw ReferenceError(.model, "the tensors need 2^31 bytes or more")
        }
        self.elementPlaces = Int(elementPlaces)
        self.bytePlaces = Int(bytePlaces)
        self.weightPlaces = Int(weightPlaces)
        self.tensors = Int(tensors)
        self.weights = Int(weights)
        self.states = Int(states)
        self.thresholds = Int(thresholds)
        self.posteriors = Int(posteriors)
        self.wordLogarithms = Int(wordLogarithms)
        self.paths = Int(paths)
        self.samples = Int(samples)
        self.frame = Int(frame)
        self.transform = Int(transform)
        self.spectrum = Int(spectrum)
        self.rows = Int(rows)
        self.peaks = Int(peaks)
        self.means = Int(means)
        self.row = Int(row)
        bytes = Int(end)
    }
}
