// SPDX-License-Identifier: Apache-2.0

extension Block {
    /// Checks the network: tensors are written before they are read, and each layer fits.
    func checkLayers(_ header: HeaderRecord) throws(ReferenceError) {
        guard header.layerCount <= 1024 else {
            throw ReferenceError(.model, "a model has 1024 layers at most")
        }
        for index in 0..<header.layerCount {
            let layer = self.layer(index)
            guard let kernel = KernelID(kernel: layer.kernel) else {
                throw ReferenceError(.kernel, "the reference has no such kernel", at: index)
            }
            guard isComplete(layer.input, before: index, header),
                kernel == .add
                    ? isComplete(layer.input2, before: index, header)
                    : layer.input2 == LayerRecord.noTensor
            else {
                throw ReferenceError(
                    .model, "a layer reads what is not written, or not yet as a whole", at: index)
            }
            guard (1..<header.tensorCount).contains(layer.output),
                mayWrite(layer, kernel, before: index)
            else {
                throw ReferenceError(.model, "a layer writes what it must not", at: index)
            }
            guard layer.shift <= 30 else {
                throw ReferenceError(.model, "shift is 30 at most", at: index)
            }
            guard hasScratch(layer, header) else {
                throw ReferenceError(.model, "scratch lies outside the arena", at: index)
            }
            guard fits(layer, kernel) else {
                throw ReferenceError(
                    .model, "shapes, window or tables of a layer do not fit together", at: index)
            }
            guard isChained(index, kernel) else {
                throw ReferenceError(.model, "a chain that cannot run", at: index)
            }
            guard kernel != .place || isCovered(layer.output, header) else {
                throw ReferenceError(.model, "PLACE layers leave a part unwritten", at: index)
            }
        }
        let last = layer(header.layerCount - 1)
        let scores = tensor(last.output)
        // Of a softmax each may have two bytes.
        let classes = KernelID(kernel: last.kernel) == .softmax ? tensor(last.input) : scores
        guard classes.wideElements == Int64(header.labelCount), scores.bits == 8, scores.isWhole
        else {
            throw ReferenceError(.model, "the last layer writes one score per label")
        }
        guard hasProgress(header) else {
            throw ReferenceError(.model, "the counts of the longest chain lie outside the arena")
        }
    }

    /// Is a tensor the input, or written by earlier layers and by no later one?
    private func isComplete(_ index: Int, before layer: Int, _ header: HeaderRecord) -> Bool {
        guard index < header.tensorCount else { return false }
        var isWritten = index == 0
        for other in 0..<header.layerCount where self.layer(other).output == index {
            guard other < layer else { return false }
            isWritten = true
        }
        return isWritten
    }

    /// Only PLACE layers share an output, and none of them writes what another did.
    private func mayWrite(_ layer: LayerRecord, _ kernel: KernelID, before index: Int) -> Bool {
        for earlier in 0..<index {
            let other = self.layer(earlier)
            guard other.output == layer.output else { continue }
            guard kernel == .place, other.kernel == layer.kernel, !overlap(layer, other) else {
                return false
            }
        }
        return true
    }

    /// Do two PLACE layers write an element both?
    private func overlap(_ a: LayerRecord, _ b: LayerRecord) -> Bool {
        func meet(_ a: Int, _ aLength: Int, _ b: Int, _ bLength: Int) -> Bool {
            a < b + bLength && b < a + aLength
        }
        let (x, z) = (tensor(a.input), tensor(b.input))
        return meet(a.padTop, x.height, b.padTop, z.height)
            && meet(a.padLeft, x.width, b.padLeft, z.width)
            && meet(a.kernelWidth, x.channels, b.kernelWidth, z.channels)
    }

    /// Do the PLACE layers of an output, which do not overlap, write all of it?
    private func isCovered(_ index: Int, _ header: HeaderRecord) -> Bool {
        var written: Int64 = 0
        for other in 0..<header.layerCount where self.layer(other).output == index {
            let input = self.layer(other).input
            guard input < header.tensorCount else { return false }
            written += tensor(input).wideElements
        }
        return written == tensor(index).wideElements
    }

    private func fits(_ layer: LayerRecord, _ kernel: KernelID) -> Bool {
        let x = tensor(layer.input)
        let y = tensor(layer.output)
        let taps = Int64(layer.kernelHeight) * Int64(layer.kernelWidth)
        switch kernel {
        case .convolution:
            let all = taps * Int64(x.channels)
            return hasWindow(layer, x, y) && isSummable(all)
                && hasWeights(layer, kernel, y.channels, all)
                && hasTables(layer, multipliers: y.channels, biases: y.channels)
        case .pointwise, .pointwiseGaps, .pointwiseBlocks:
            return x.height == y.height && x.width == y.width && taps == 1
                && layer.strideHeight == 1 && layer.strideWidth == 1 && layer.padTop == 0
                && layer.padLeft == 0 && isSummable(Int64(x.channels))
                && hasWeights(layer, kernel, y.channels, Int64(x.channels))
                && hasTables(layer, multipliers: y.channels, biases: y.channels)
        case .depthwise:
            return hasWindow(layer, x, y) && isSummable(taps) && y.channels % x.channels == 0
                && hasWeights(layer, kernel, y.channels, taps)
                && hasTables(layer, multipliers: y.channels, biases: y.channels)
        case .dense, .denseGaps, .denseBlocks:
            return isSummable(x.wideElements) && y.height == 1 && y.width == 1
                && hasWeights(layer, kernel, y.channels, x.wideElements)
                && hasTables(layer, multipliers: y.channels, biases: y.channels)
        case .maxPool:
            // Every window holds an element of the input.
            return hasWindow(layer, x, y) && x.channels == y.channels && y.bits >= x.bits
                && layer.padTop < layer.kernelHeight && layer.padLeft < layer.kernelWidth
        case .averagePool:
            return hasWindow(layer, x, y) && x.channels == y.channels && isSummable(taps)
                && hasTables(layer, multipliers: 1, biases: 1)
        case .mean:
            return y.height == 1 && y.width == 1 && x.channels == y.channels
                && isSummable(Int64(x.height) * Int64(x.width))
                && hasTables(layer, multipliers: 1, biases: 1)
        case .add:
            return x.hasShape(of: y) && tensor(layer.input2).hasShape(of: y)
                && hasTables(layer, multipliers: 2, biases: 1)
        case .place:
            return layer.padTop + x.height <= y.height && layer.padLeft + x.width <= y.width
                && layer.kernelWidth + x.channels <= y.channels
                && (x.hasShape(of: y) || endsInBytes(layer, x, y))
                && hasTables(layer, multipliers: 1, biases: 1)
        case .transpose:
            return isTransposed(layer, x, y) && y.bits >= x.bits
        case .view:
            return x.wideElements == y.wideElements && x.arenaOffset == y.arenaOffset
                && x.bits == y.bits && x.isUnfilled && y.isUnfilled
        case .softmax:
            return x.height == 1 && x.width == 1 && x.channels <= 4096
                && y.height == 1 && y.width == 1
                && (y.channels == x.channels || y.channels == 2 * x.channels)
                && x.bits == 8 && y.bits == 8 && layer.shift <= 13
                && holds(layer.multipliersOffset, 2) && i16(layer.multipliersOffset) >= 1
        case .lstm, .gru, .lstmGaps, .gruGaps:
            let shape = RecurrentShape(layer, kernel, x, y)
            return shape.fits(layer, x, y)
                && holds(layer.weightsOffset, Int64(layer.weightsBytes))
                && RecurrentWeights(self, layer, shape).isSound
                && hasTables(layer, multipliers: shape.multipliers, biases: shape.biases)
        }
    }

    /// Do the parts of an output that several layers write share no byte?
    private func endsInBytes(
        _ layer: LayerRecord, _ x: TensorRecord, _ y: TensorRecord
    ) -> Bool {
        layer.kernelWidth * y.bits % 8 == 0 && x.channels * y.bits % 8 == 0
    }

    /// Is a layer outside of chains, or does it follow in one? Then it reads what the layer before
    /// writes, and there are slots for all rows of its window. Outside chains tensors are whole.
    private func isChained(_ index: Int, _ kernel: KernelID) -> Bool {
        let layer = self.layer(index)
        let x = tensor(layer.input)
        if index < header.streamedLayers { return layer.chained == 0 }
        if kernel == .add, !tensor(layer.input2).isWhole { return false }
        if layer.chained == 0 { return x.isWhole }
        guard layer.chained == 1, index > 0, kernel.mayFollow,
            let before = KernelID(kernel: self.layer(index - 1).kernel), before.mayPrecede
        else { return false }
        return self.layer(index - 1).output == layer.input
            && (x.isWhole || x.rows >= layer.kernelHeight)
    }

    /// 4 bytes for each layer of the longest chain; a layer alone is a chain of one.
    private func hasProgress(_ header: HeaderRecord) -> Bool {
        var (longest, length) = (1, 0)
        for index in 0..<header.layerCount {
            length = layer(index).chained == 0 ? 1 : length + 1
            longest = max(longest, length)
        }
        let (start, end) = (
            header.progressOffset, Int64(header.progressOffset) + 4 * Int64(longest)
        )
        guard start >= 0, start % 4 == 0, end <= Int64(header.arenaBytes) else { return false }
        // The counts say which rows there are, so no layer may write there.
        return isNobodys(Int64(start)..<end, header)
    }

    /// Does no layer read or write a part of the arena?
    func isNobodys(_ part: Range<Int64>, _ header: HeaderRecord, scratchOf own: Int? = nil) -> Bool
    {
        func isApart(_ offset: Int, _ bytes: Int64) -> Bool {
            part.upperBound <= Int64(offset) || Int64(offset) + bytes <= part.lowerBound
        }
        for index in 0..<header.layerCount {
            let layer = self.layer(index)
            for number in 0..<header.tensorCount
            where number == layer.input || number == layer.input2 || number == layer.output {
                let tensor = self.tensor(number)
                guard isApart(tensor.arenaOffset, Int64(tensor.rows) * tensor.rowBytes) else {
                    return false
                }
            }
            guard
                index == own || layer.scratchBytes == 0
                    || isApart(layer.scratchOffset, Int64(layer.scratchBytes))
            else { return false }
        }
        return true
    }

    /// `taps * 255 * 128 < 2^31`.
    private func isSummable(_ taps: Int64) -> Bool { taps <= 65535 }

    /// The last window begins inside the input, so that indices stay small.
    private func hasWindow(
        _ layer: LayerRecord, _ x: TensorRecord, _ y: TensorRecord
    ) -> Bool {
        layer.kernelHeight > 0 && layer.kernelWidth > 0
            && layer.strideHeight > 0 && layer.strideWidth > 0
            && Int64(y.height - 1) * Int64(layer.strideHeight) < Int64(x.height + layer.padTop)
            && Int64(y.width - 1) * Int64(layer.strideWidth) < Int64(x.width + layer.padLeft)
    }

    /// Scratch, if there is any, lies in the arena.
    private func hasScratch(_ layer: LayerRecord, _ header: HeaderRecord) -> Bool {
        if layer.scratchBytes == 0 { return true }
        return layer.scratchBytes > 0 && layer.scratchOffset >= 0 && layer.scratchOffset % 4 == 0
            && Int64(layer.scratchOffset) + Int64(layer.scratchBytes) <= Int64(header.arenaBytes)
    }

    private func isTransposed(
        _ layer: LayerRecord, _ x: TensorRecord, _ y: TensorRecord
    ) -> Bool {
        let p = (layer.kernelHeight, layer.kernelWidth, layer.strideHeight)
        guard p.0 < 3, p.1 < 3, p.2 < 3, p.0 != p.1, p.0 != p.2, p.1 != p.2 else { return false }
        return x.extent(p.0) == y.height && x.extent(p.1) == y.width
            && x.extent(p.2) == y.channels
    }

    private func hasWeights(
        _ layer: LayerRecord, _ kernel: KernelID, _ outputs: Int, _ columns: Int64
    ) -> Bool {
        if kernel.isSparse {
            return columns > 0 && holds(layer.weightsOffset, Int64(layer.weightsBytes))
                && SparseWeights(
                    block: self, kernel: kernel, layer: layer, outputs: outputs,
                    columns: Int(columns)
                ).isSound
        }
        let bytes = PackedWeights.bytes(
            pack: header.pack, kernel: kernel, outputs: Int64(outputs), columns: columns,
            bits: layer.weightBits)
        return Int64(layer.weightsBytes) == bytes && holds(layer.weightsOffset, bytes)
    }

    /// Multipliers and biases are there, and `|b| < 2^30` as requant demands.
    private func hasTables(_ layer: LayerRecord, multipliers: Int, biases: Int) -> Bool {
        holds(layer.multipliersOffset, Int64(2 * multipliers))
            && hasBiases(layer.biasesOffset, biases)
    }

    func hasBiases(_ offset: Int, _ count: Int) -> Bool {
        guard holds(offset, Int64(4 * count)) else { return false }
        for index in 0..<count where i32(offset + 4 * index).magnitude >= 1 << 30 {
            return false
        }
        return true
    }
}
