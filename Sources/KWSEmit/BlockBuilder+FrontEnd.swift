// SPDX-License-Identifier: Apache-2.0

internal import KWSFrontEnd

extension BlockBuilder {
    /// Adds the front end's tables and returns its record.
    mutating func frontEnd(_ tables: FrontEndTables) -> [UInt8] {
        func part(_ name: String, _ shape: String, _ bytes: [UInt8]) -> Int {
            bytes.isEmpty ? 0 : add("front end: \(name) \(shape)", bytes)
        }
        let offsets = [
            part("window s16 q1.14", "[\(tables.window.count)]", [UInt8](little: tables.window)),
            part(
                "twiddles s16 q0.15", "[\(tables.twiddles.count / 2)][cos, -sin]",
                [UInt8](little: tables.twiddles)),
            part(
                "mel bands u16", "[\(tables.bandCount)][first bin, bins, log offset]",
                [UInt8](little: tables.bands)),
            part(
                "mel weights u16", "[\(tables.bandWeights.count)]",
                [UInt8](little: tables.bandWeights)),
            part(
                tables.features == .pcen ? "PCEN s16" : "DCT s16", "[\(tables.own.count)]",
                [UInt8](little: tables.own)),
            part(
                "multipliers s16", "[\(tables.featureCount)]",
                [UInt8](little: tables.multipliers)),
            part(
                "biases s32", "[\(tables.featureCount)], shift \(tables.shift)",
                [UInt8](little: tables.biases)),
        ]

        var bytes = [UInt8](
            little: [
                tables.features.rawValue, tables.sampleRate, tables.frameSamples,
                tables.hopSamples, tables.frameCount, tables.windowHops, tables.bandCount,
                tables.featureCount, tables.fftPoints,
            ])
        bytes.append(tables.spectrum)
        bytes.append(tables.shift)
        bytes.append(little: tables.preemphasis)
        bytes.append(tables.whitening)
        bytes.append(tables.finePlane)
        bytes.append(little: tables.logOffset)
        bytes.append(little: tables.logFloor)
        bytes.append(little: tables.pcmCapacity)
        for offset in offsets {
            bytes.append(little: UInt32(offset))
        }
        bytes.append(little: tables.tablesBytes)
        return bytes
    }
}
