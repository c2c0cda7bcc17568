// SPDX-License-Identifier: Apache-2.0

package import CKWS
package import KeywordSpotter

/// A model block in aligned memory of its own, verified, with every kernel of the library.
///
/// A class because it owns memory whose address must not change; nothing in it changes after init.
package final class LoadedBlock: @unchecked Sendable {
    package let model: UnsafePointer<kws_model>
    private let memory: UnsafeMutableRawBufferPointer

    /// - Parameter name: the model, for error messages.
    /// - Throws: the library's reason if it refuses the block.
    package init(_ block: [UInt8], name: String) throws(EvaluationError) {
        guard block.count >= MemoryLayout<kws_block_header>.size else {
            throw EvaluationError(
                .badData, name,
                "a model block of \(block.count) bytes; allowed: "
                    + "\(MemoryLayout<kws_block_header>.size) or more")
        }
        memory = .allocate(byteCount: block.count, alignment: Int(KWS_ALIGNMENT))
        memory.copyBytes(from: block)
        let model = UnsafeMutablePointer<kws_model>.allocate(capacity: 1)
        model.initialize(to: kws_model())
        kws_model_load(model, memory.baseAddress, UInt32(block.count))
        self.model = UnsafePointer(model)
        let status = kws_model_check(model)
        guard status.rawValue >= 0 else {
            let hint =
                status == KWS_ERROR_PACK
                ? "; here runs what was compiled without --target, or the float model itself" : ""
            throw EvaluationError(
                .badData, name,
                "the library refuses it: \(String(cString: kws_strerror(status)))\(hint)")
        }
    }

    deinit {
        model.deallocate()
        memory.deallocate()
    }

    /// Bytes of one instance.
    package var instanceBytes: Int { KeywordSpotter.requiredSize(of: model) }

    /// The header of the block.
    package var header: kws_block_header {
        memory.load(as: kws_block_header.self)
    }

    /// The tensor that a layer writes; the network's input for `KWS_OBSERVE_FEATURES`.
    package func output(ofLayer index: Int) -> kws_tensor {
        tensor(index == Int(KWS_OBSERVE_FEATURES) ? 0 : Int(layer(index).output))
    }

    /// What keeps rows, by layer number, `KWS_OBSERVE_FEATURES` for the input, and how many of them
    /// each decision but the first has anew (SPEC.md 4.5).
    package var newRows: [Int: Int] {
        let streamed = Int(header.streamed_layers)
        guard streamed > 0 else { return [:] }
        // Of tensor 0, then of what each layer makes, which is the tensor of the next number.
        var rows = [Int(header.hop_rows)]
        var found = [Int(KWS_OBSERVE_FEATURES): rows[0]]
        for index in 0..<streamed {
            rows.append(rows[Int(layer(index).input)] / Int(layer(index).stride_height))
            found[index] = rows[index + 1]
        }
        return found
    }

    /// A tensor's description.
    ///
    /// - Requires: `index` is below the header's tensor count.
    package func tensor(_ index: Int) -> kws_tensor {
        let header = header
        precondition(index >= 0 && index < header.tensor_count, "no such tensor")
        return memory.load(
            fromByteOffset: Int(header.tensors_offset) + index * MemoryLayout<kws_tensor>.stride,
            as: kws_tensor.self)
    }

    /// A layer's description.
    ///
    /// - Requires: `index` is below the header's layer count.
    package func layer(_ index: Int) -> kws_layer {
        let header = header
        precondition(index >= 0 && index < header.layer_count, "no such layer")
        return memory.load(
            fromByteOffset: Int(header.layers_offset) + index * MemoryLayout<kws_layer>.stride,
            as: kws_layer.self)
    }

    /// The front end's description, nil if the model takes features only.
    package var frontEnd: kws_front_end? {
        let offset = Int(header.front_end_offset)
        guard offset != 0 else { return nil }
        return memory.load(fromByteOffset: offset, as: kws_front_end.self)
    }

    /// The detector's description, nil if the model takes features only.
    package var detector: kws_detector? {
        let offset = Int(header.detector_offset)
        guard offset != 0 else { return nil }
        return memory.load(fromByteOffset: offset, as: kws_detector.self)
    }

    /// Samples after an event without another; 0 without a detector.
    package var lockoutSamples: Int {
        detector.map { Int($0.lockout_hops) * Int(frontEnd?.hop_samples ?? 0) } ?? 0
    }

    /// Makes an instance in fresh memory, lends it to `body` and frees the memory.
    package func withSpotter<R>(
        _ body: (inout KeywordSpotter) throws(EvaluationError) -> R
    ) throws(EvaluationError) -> R {
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: instanceBytes, alignment: Int(KWS_ALIGNMENT))
        defer { memory.deallocate() }
        var spotter: KeywordSpotter
        do throws(SpotterError) {
            spotter = try KeywordSpotter(model: model, memory: memory)
        } catch {
            throw EvaluationError(.failure, "the library", "\(error)")
        }
        return try body(&spotter)
    }
}
