// SPDX-License-Identifier: Apache-2.0

package import KWSModelFile
internal import KWSNumerics

extension Trainer {
    /// What the format is called in a checkpoint's metadata; another layout gets another number.
    private static let format = "kws training state 1"

    /// One piece of the state: its name, shape and place in memory.
    private typealias Piece = (
        name: String, shape: [Int], numbers: UnsafeMutableBufferPointer<Float>
    )

    /// All that a checkpoint holds in numbers: parameters, running statistics, the optimiser's
    /// vectors. A node's index makes names differ.
    private var pieces: [Piece] {
        var pieces: [Piece] = []
        let names = settings.optimiser.moments
        for slice in network.parameters.slices {
            let name = "\(slice.node).\(slice.name).\(slice.role.rawValue)"
            func slicePiece(_ name: String, _ start: UnsafeMutablePointer<Float>?) -> Piece {
                let numbers = UnsafeMutableBufferPointer(
                    start: start.map { $0 + slice.range.lowerBound }, count: slice.range.count)
                return (name, slice.shape, numbers)
            }
            pieces.append(slicePiece(name, network.parameters.values.baseAddress))
            for (moment, memory) in zip(names, moments) {
                pieces.append(slicePiece("\(name).\(moment)", memory.data))
            }
            if let mask { pieces.append(slicePiece("\(name).mask", mask.data)) }
        }
        for running in network.statistics {
            let name = "\(running.node).\(running.name)"
            pieces.append(("\(name).running_mean", [running.channels], running.mean))
            pieces.append(("\(name).running_variance", [running.channels], running.variance))
        }
        return pieces
    }

    /// Writes the whole state as a safetensors file, which replaces an older one only when it is
    /// complete. A trainer that restores it goes on to the same bits.
    ///
    /// - Throws: `ModelFileError` if a number is not finite or the file cannot be written.
    package func save(to path: String) throws(ModelFileError) {
        var writer = SafetensorsWriter(metadata: [
            ("format", Self.format), ("step", "\(progress.step)"),
            ("epoch", "\(progress.epoch)"), ("random", "\(random.state)"),
        ])
        for piece in pieces {
            if let bad = piece.numbers.firstIndex(where: { !$0.isFinite }) {
                throw ModelFileError(
                    .unwritable, file: path, place: "tensor '\(piece.name)', number \(bad)",
                    found: "\(piece.numbers[bad])", allowed: "finite floats")
            }
            writer.add(piece.name, shape: piece.shape, piece.numbers)
        }
        try writer.write(to: path)
    }

    /// Takes over the state that a trainer with the same network and optimiser saved.
    ///
    /// - Throws: `ModelFileError` if the file is no such state; then nothing has changed.
    package func restore(from path: String) throws(ModelFileError) {
        let file = try SafetensorsFile(path: path)
        func refused(_ name: String, allowed: String) -> ModelFileError {
            ModelFileError(
                file: path, place: "metadata \"\(name)\"",
                found: file.metadata[name].map { "\"\($0)\"" } ?? "nothing", allowed: allowed)
        }
        func note<Number: FixedWidthInteger>(_ name: String) throws(ModelFileError) -> Number {
            guard let number = file.metadata[name].flatMap({ Number($0) }), number >= 0 else {
                throw refused(name, allowed: "a whole number from 0")
            }
            return number
        }
        guard file.metadata["format"] == Self.format else {
            throw refused("format", allowed: "\"\(Self.format)\"")
        }
        let progress = Progress(step: try note("step"), epoch: try note("epoch"))
        let random = SplitMix64(seed: try note("random"))
        let pieces = pieces
        var numbers: [[Float]] = []
        for piece in pieces {
            numbers.append(try file.numbers(piece.name, shape: piece.shape))
        }

        for (piece, numbers) in zip(pieces, numbers) {
            _ = piece.numbers.update(fromContentsOf: numbers)
        }
        self.progress = progress
        self.random = random
    }
}
