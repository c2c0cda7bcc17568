// SPDX-License-Identifier: Apache-2.0

import Foundation
import KWSModelFile

/// A temporary folder that goes away with its last user.
final class Scratch {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("kws-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    /// Loads a model from bytes.
    func load(_ bytes: [UInt8], _ name: String) throws -> LoadedModel {
        try ModelFile.load(path: try write(bytes, name))
    }

    /// The error of loading a model from bytes, nil if it loads.
    func error(_ bytes: [UInt8], _ name: String) throws -> ModelFileError? {
        let path = try write(bytes, name)
        do {
            _ = try ModelFile.load(path: path)
            return nil
        } catch {
            return error
        }
    }
}

/// Repeatable random numbers (SplitMix64).
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// Numbers from -1 to 1 in steps of 1/128: sums of products of a few stay exact in float.
    mutating func numbers(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(Int.random(in: -128...128, using: &self)) / 128 }
    }
}
