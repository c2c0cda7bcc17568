// SPDX-License-Identifier: Apache-2.0

extension Block {
    /// Checks what SPEC.md 4.5 says of layers that the library runs row by row: then the rows that it
    /// keeps are those of a window, which the reference computes as a whole.
    func checkKept(_ header: HeaderRecord) throws(ReferenceError) {
        let streamed = header.streamedLayers
        let counts = streamed > 0 ? (2 * (streamed + 1) + 3) & ~3 : 0
        guard streamed < header.layerCount, header.keptBytes % 4 == 0,
            counts <= header.keptBytes, header.keptBytes <= header.arenaBytes,
            header.progressOffset >= counts, isNobodys(0..<Int64(counts), header)
        else {
            throw ReferenceError(.model, "counts of rows, or what is kept, do not fit the arena")
        }
        try checkStates(header, behind: counts)
        guard streamed > 0 else {
            guard header.hopRows == 0 else {
                throw ReferenceError(.model, "hops of rows that nobody keeps")
            }
            return
        }
        var hop = header.hopRows
        for index in 0...streamed {
            let layer = self.layer(index)
            let x = tensor(layer.input)
            guard layer.input == (index == 0 ? 0 : self.layer(index - 1).output),
                layer.chained == 0, x.phase == 0, x.arenaOffset >= counts,
                x.rows == 1
                    || Int64(x.arenaOffset) + Int64(x.rows - 1) * x.rowBytes
                        <= Int64(header.keptBytes),
                (1...x.height).contains(hop)
            else {
                throw ReferenceError(.model, "rows that cannot be kept", at: index)
            }
            if index == streamed {
                guard x.isWhole else {
                    throw ReferenceError(.model, "rows of a window are missing", at: index)
                }
                return
            }
            guard slides(layer), isRead(layer.input, onlyBy: index, header),
                hop % layer.strideHeight == 0
            else {
                throw ReferenceError(.model, "a layer that cannot run row by row", at: index)
            }
            hop /= layer.strideHeight
        }
    }

    /// Checks that what stateful layers keep stays and is theirs alone.
    private func checkStates(
        _ header: HeaderRecord, behind counts: Int
    ) throws(ReferenceError) {
        var keeps = header.streamedLayers > 0 || header.keptBytes == 0
        for index in 0..<header.layerCount where isStateful(layer(index)) {
            keeps = true
            let scratch =
                layer(index).scratchOffset..<layer(index).scratchOffset + layer(index).scratchBytes
            guard scratch.lowerBound >= counts, scratch.upperBound <= header.keptBytes,
                isNobodys(
                    Int64(scratch.lowerBound)..<Int64(scratch.upperBound), header, scratchOf: index)
            else {
                throw ReferenceError(.model, "a state that does not last", at: index)
            }
        }
        guard keeps else {
            throw ReferenceError(.model, "bytes are kept for neither rows nor states")
        }
    }

    /// Do windows without padding stand on all rows, the last one on the last, and have as many slots?
    private func slides(_ layer: LayerRecord) -> Bool {
        guard let kernel = KernelID(kernel: layer.kernel), kernel.mayPrecede else { return false }
        let (x, y) = (tensor(layer.input), tensor(layer.output))
        return layer.padTop == 0 && layer.strideHeight > 0 && x.rows == layer.kernelHeight
            && (y.height - 1) * layer.strideHeight + layer.kernelHeight == x.height
    }

    private func isRead(_ tensor: Int, onlyBy index: Int, _ header: HeaderRecord) -> Bool {
        for other in 0..<header.layerCount where other != index {
            let layer = self.layer(other)
            if layer.input == tensor || layer.input2 == tensor { return false }
        }
        return true
    }
}
