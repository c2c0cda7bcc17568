// SPDX-License-Identifier: Apache-2.0
//
// Goal: published models keep their accuracy in integers and agree byte for byte with the reference
// on real speech. Method: `kwsc` itself on the sets that KWS_DATA names.

import Foundation
import KWSEvaluate
import Testing

private let data = ProcessInfo.processInfo.environment["KWS_DATA"].flatMap { $0.isEmpty ? nil : $0 }

@Suite(
    .enabled(
        if: data != nil && Tool.path != nil, "needs KWS_DATA, a folder of speech sets, and kwsc"),
    .serialized)
struct RealSpeechTests {
    let speech = "\(data ?? "")/speech/gsc_v2_dev"

    func result(_ arguments: [String]) throws -> [String: Any] {
        let result = try Tool.run(arguments)
        #expect(result.code == 0, "\(result.error)")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(object as? [String: Any])
    }

    @Test(arguments: [
        "mlperf_tiny_dscnn/kws_ref_float32_bnfolded",
        "arm_ml_kws_for_mcu/DS_CNN_S.bnfolded_oihw",
        "mlperf_tiny_streaming_wakeword/str_ww_ref_model.float32",
    ])
    func everyByteAgrees(model: String) throws {
        // On the emulated boards too, where their firmware is built; they take longer.
        let hasBoards = (try? ParityBoard.find("mps2-an386")) != nil
        let clips = hasBoards ? 40 : 200
        let report = try result([
            "parity", "\(data ?? "")/models/\(model).safetensors", "--data", speech, "--calibrate",
            speech, "--clips", "\(clips)", "--board", hasBoards ? "all" : "none", "--json",
        ])
        #expect(report["mismatches"] as? Int == 0)
        #expect(report["clips"] as? Int == clips)
        #expect(report["inferences"] as? Int ?? 0 >= clips)
    }

    /// The bars on all clips: net loss against float of the C library, and of the float network on
    /// the integer front end's features.
    @Test(arguments: [
        ("mlperf_tiny_dscnn/kws_ref_float32_bnfolded", 0.002, 0.001),
        ("arm_ml_kws_for_mcu/DS_CNN_S.bnfolded_oihw", 0.003, 0.001),
    ])
    func accuracyIsKept(model: String, library: Double, features: Double) throws {
        let report = try result([
            "evaluate", "\(data ?? "")/models/\(model).safetensors", "--data", speech,
            "--calibrate", speech, "--json",
        ])
        #expect(report["clips"] as? Int == 2148)
        #expect(report["differing_scores"] as? Int == 0)
        for (path, bar) in [("library", library), ("features", features)] {
            let part = try #require(report[path] as? [String: Any])
            let loss = try #require(part["loss"] as? Double)
            #expect(loss <= bar, "\(path)")
        }
    }
}
