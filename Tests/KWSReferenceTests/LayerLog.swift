// SPDX-License-Identifier: Apache-2.0

internal import CKWS
internal import KWSNumerics
internal import KWSReference

/// The checksums of the latest inference: of each layer that completes its output, and of the
/// features under the number `KWS_OBSERVE_FEATURES`.
final class LayerLog {
    private(set) var sums: [UInt32: PositionChecksum] = [:]

    /// Looks at every row that an instance of the library finishes.
    func observe(_ k: OpaquePointer) {
        kws_observe(
            k,
            { context, layer, row, values, count in
                guard let context, let values else { return }
                let log = Unmanaged<LayerLog>.fromOpaque(context).takeUnretainedValue()
                log.add(layer, row, UnsafeBufferPointer(start: values, count: Int(count)))
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func add(_ layer: UInt32, _ row: UInt32, _ values: UnsafeBufferPointer<UInt8>) {
        // The first row of the features begins a new inference.
        if layer == UInt32(KWS_OBSERVE_FEATURES), row == 0 { sums = [:] }
        sums[layer, default: PositionChecksum()].add(
            firstPosition: row * UInt32(values.count), values: values)
    }

    /// The same of an instance of the reference.
    static func sums(
        of spotter: borrowing ReferenceSpotter, in model: TestBlock
    ) -> [UInt32: PositionChecksum] {
        var sums = [UInt32(KWS_OBSERVE_FEATURES): PositionChecksum()]
        sums[UInt32(KWS_OBSERVE_FEATURES)]?.add(firstPosition: 0, values: spotter.features)
        let records = Int(model[word: 44])
        let outputs = (0..<spotter.layerCount).map { model[half: records + 48 * $0 + 8] }
        for layer in outputs.indices where !outputs[(layer + 1)...].contains(outputs[layer]) {
            var sum = PositionChecksum()
            sum.add(firstPosition: 0, values: spotter.layerOutput(layer))
            sums[UInt32(layer)] = sum
        }
        return sums
    }
}
