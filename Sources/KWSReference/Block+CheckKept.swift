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
        for index in 0..<streamed {
            let layer = self.layer(index)
            let isSum = layer.input2 != LayerRecord.noTensor
            guard layer.output == index + 1, layer.input <= index, slides(layer),
                !isSum || layer.input2 <= index && pace(layer.input) == pace(layer.input2)
            else {
                throw ReferenceError(.model, "a layer that cannot run row by row", at: index)
            }
        }
        for index in 0...streamed {
            let x = tensor(index)
            let pace = self.pace(index)
            guard header.hopRows % pace == 0, (1...x.height).contains(header.hopRows / pace),
                x.height < 1 << 15, x.rows == slots(index, header)
            else {
                throw ReferenceError(.model, "rows that are not those of a window", at: index)
            }
            guard x.phase == 0, x.arenaOffset >= counts,
                x.rows == 1
                    || Int64(x.arenaOffset) + Int64(x.rows - 1) * x.rowBytes
                        <= Int64(header.keptBytes)
            else {
                throw ReferenceError(.model, "rows that cannot be kept", at: index)
            }
        }
        guard layer(streamed).input == streamed, layer(streamed).chained == 0 else {
            throw ReferenceError(.model, "what is streamed ends in no tensor", at: streamed)
        }
    }

    /// Rows of features from a row of a tensor to the next one, of a streamed layer's output or the
    /// network's input.
    func pace(_ tensor: Int) -> Int {
        var (rows, tensor) = (1, tensor)
        while tensor > 0 {
            let layer = self.layer(tensor - 1)
            rows = rows.multipliedReportingOverflow(by: layer.strideHeight).partialValue
            if rows > 1 << 16 { return 1 << 16 }
            tensor = layer.input
        }
        return rows
    }

    /// Rows before those of the window that a streamed layer looks at, 0 of any other layer.
    func rowsBefore(_ index: Int) -> Int {
        guard index < header.streamedLayers else { return 0 }
        let layer = self.layer(index)
        return (tensor(layer.output).height - 1) * layer.strideHeight + layer.kernelHeight
            - tensor(layer.input).height
    }

    /// The most rows before those of the window that a layer looks at.
    func rowsBefore(tensor: Int) -> Int {
        (0..<header.streamedLayers).reduce(0) { most, index in
            layer(index).input == tensor ? max(most, rowsBefore(index)) : most
        }
    }

    /// As many as the highest window of the streamed layers has; of what the last one makes all. 0 if
    /// another layer reads it.
    private func slots(_ tensor: Int, _ header: HeaderRecord) -> Int {
        let streamed = header.streamedLayers
        if tensor == streamed { return self.tensor(tensor).height }
        var most = 0
        for index in 0..<header.layerCount {
            let layer = self.layer(index)
            guard layer.input == tensor || layer.input2 == tensor else { continue }
            if index >= streamed { return 0 }
            most = max(most, layer.kernelHeight)
        }
        return most
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

    /// Do windows stand on all rows, the last one on the last, and on none before the first one unless
    /// the layer sums over numbers there?
    private func slides(_ layer: LayerRecord) -> Bool {
        guard let kernel = KernelID(kernel: layer.kernel), kernel.mayPrecede || kernel == .add,
            layer.padTop == 0, layer.strideHeight > 0
        else { return false }
        let height = tensor(layer.input).height
        let last = (tensor(layer.output).height - 1) * layer.strideHeight
        guard last < height else { return false }
        switch kernel {
        case .convolution, .depthwise, .averagePool: return last + layer.kernelHeight >= height
        default: return last + layer.kernelHeight == height
        }
    }
}
