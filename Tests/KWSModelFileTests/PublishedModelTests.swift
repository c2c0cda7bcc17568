// SPDX-License-Identifier: Apache-2.0
// Goal: every published model loads by its built-in description and computes the
// logits of the independent NumPy reference that is shipped with the models.
// Method: python3 runs reference.py on real features (the MLPerf kws01 samples, the wake word's
// calibration samples); both results are compared number by number.

import Foundation
import KWSGraph
import KWSModelFile
import Testing

/// Where the speech and the published models lie; nil where they do not.
private let data = ProcessInfo.processInfo.environment["KWS_DATA"]

@Suite(.enabled(if: data != nil, "KWS_DATA is not set"))
struct PublishedModelTests {
    struct Model: Sendable, CustomTestStringConvertible {
        var path: String
        var function: String
        var name: String
        var labels: Int
        var testDescription: String { path }
    }

    static let models = [
        Model(
            path: "mlperf_tiny_dscnn/kws_ref_float32_bnfolded.safetensors",
            function: "ds_cnn_folded", name: "mlperf-dscnn", labels: 12),
        Model(
            path: "mlperf_tiny_dscnn/kws_ref_float32_unfolded.safetensors",
            function: "ds_cnn_mlperf", name: "mlperf-dscnn-unfolded", labels: 12),
        Model(
            path: "mlperf_tiny_streaming_wakeword/str_ww_ref_model.float32.safetensors",
            function: "streaming_wakeword", name: "mlperf-wakeword", labels: 3),
        Model(
            path: "arm_ml_kws_for_mcu/DS_CNN_S.bnfolded_oihw.safetensors",
            function: "ds_cnn_folded", name: "arm-ds-cnn-s-folded", labels: 12),
        Model(
            path: "arm_ml_kws_for_mcu/DS_CNN_S.safetensors",
            function: "ds_cnn_arm", name: "arm-ds-cnn-s", labels: 12),
        Model(
            path: "arm_ml_kws_for_mcu/DNN_S.safetensors",
            function: "dnn", name: "arm-dnn-s", labels: 12),
        Model(
            path: "arm_ml_kws_for_mcu/DNN_L.safetensors",
            function: "dnn", name: "arm-dnn-l", labels: 12),
        Model(
            path: "arm_ml_kws_for_mcu/CNN_S.safetensors",
            function: "cnn", name: "arm-cnn-s", labels: 12),
        Model(
            path: "arm_ml_kws_for_mcu/Basic_LSTM_S.safetensors",
            function: "basic_lstm", name: "arm-basic-lstm-s", labels: 12),
        Model(
            path: "arm_ml_kws_for_mcu/LSTM_S.safetensors",
            function: "lstm", name: "arm-lstm-s", labels: 12),
        Model(
            path: "arm_ml_kws_for_mcu/GRU_S.safetensors",
            function: "gru", name: "arm-gru-s", labels: 12),
        Model(
            path: "arm_ml_kws_for_mcu/CRNN_S.safetensors",
            function: "crnn", name: "arm-crnn-s", labels: 12),
    ]

    private static let script = """
        import sys
        import numpy as np
        data, model, function, out = sys.argv[1:]
        sys.path.insert(0, data + "/models")
        sys.dont_write_bytecode = True
        import reference
        x = np.fromfile(data + "/kws01_dev/features.i8", np.int8).reshape(-1, 49, 10)[:16]
        x = ((x.astype(np.float32) - 83) * np.float32(0.58470291)).astype(np.float32)
        if function in ("dnn", "lstm", "gru"):
            x = x[:, ::2].copy()
        if function == "streaming_wakeword":
            path = data + "/models/mlperf_tiny_streaming_wakeword/calibration_samples.npz"
            x = np.load(path)["specs"][:16].reshape(-1, 30, 40).astype(np.float32)
        T = reference.read_safetensors(data + "/models/" + model)
        logits = getattr(reference, function)(x, T).astype(np.float32)
        np.concatenate([x.reshape(16, -1), logits], 1).astype("<f4").tofile(out)
        """

    @Test(
        "Logits equal those of reference.py",
        .enabled(if: Python.hasNumPy, "needs python3 with NumPy"), arguments: models)
    func logits(model: Model) throws {
        let data = try #require(data)
        let loaded = try ModelFile.load(path: "\(data)/models/\(model.path)")
        #expect(loaded.description.name == model.name)
        #expect(loaded.description.labels.count == model.labels)
        #expect(loaded.description.frontEnd != nil)
        try loaded.graph.verify()

        let rows = try Python.rows(script: Self.script, [data, model.path, model.function])
        var evaluator = FloatEvaluator(loaded.graph)
        let inputs = loaded.graph.shape(of: loaded.graph.input).elements
        let logits = try #require(loaded.graph.nodes.last?.inputs.first)
        let perRow = inputs + model.labels
        #expect(rows.count == 16 * perRow)
        var largest: Float = 0
        for row in 0..<rows.count / perRow {
            let numbers = rows[row * perRow..<(row + 1) * perRow]
            evaluator.run(Array(numbers.prefix(inputs)))
            for (found, expected) in zip(evaluator[logits], numbers.suffix(model.labels)) {
                largest = max(largest, abs(found - expected) / max(1, abs(expected)))
            }
        }
        // Sums of at most 2,000 float products: relative rounding below 2000 * 2^-24 = 1.2e-4 of
        // the summands' magnitudes even if every rounding went the same way. A recurrent network
        // adds some 100 products a step; what a gate's or state's rounding does fades.
        #expect(largest < 1.2e-4, "largest difference \(largest)")
    }
}

/// Goal: the published TFLite files, dequantised, decide like the interpreter that ran them.
/// Method: the classes that `kws01_dev/index.csv` records for each file, on all 418 samples.
@Suite(.enabled(if: data != nil, "KWS_DATA is not set"))
struct PublishedTFLiteTests {
    @Test(
        "DS-CNN: classes as recorded",
        arguments: [
            ("kws_ref_model.tflite", 11), ("kws_ref_model_float32.tflite", 12),
        ])
    func classes(name: String, column: Int) throws {
        let data = try #require(data)
        let loaded = try ModelFile.load(path: "\(data)/models/mlperf_tiny_dscnn/\(name)")
        #expect(loaded.description.labels[2] == "left")
        let features = try Data(contentsOf: URL(fileURLWithPath: "\(data)/kws01_dev/features.i8"))
        let rows = try String(contentsOfFile: "\(data)/kws01_dev/index.csv", encoding: .utf8)
            .split(separator: "\n").dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
        var evaluator = FloatEvaluator(loaded.graph)
        var agreeing = 0
        for (index, row) in rows.enumerated() {
            let bytes = features[index * 490..<(index + 1) * 490]
            let scores = evaluator(
                bytes.map { (Float(Int8(bitPattern: $0)) - 83) * 0.5847029089927673 })
            let best = scores.indices.max { scores[$0] < scores[$1] }
            if best == Int(row[column]) { agreeing += 1 }
        }
        // Quantised activations may tip close calls: the two published files, which share their
        // weights, differ between themselves on more than one in a hundred samples.
        #expect(Double(agreeing) >= 0.97 * Double(rows.count), "\(agreeing) of \(rows.count)")
    }

    @Test(
        "Wake word: int8 and float files agree within the published difference",
        .enabled(if: Python.hasNumPy, "needs python3 with NumPy"))
    func wakeWord() throws {
        let folder = try #require(data) + "/models/mlperf_tiny_streaming_wakeword"
        var int8 = FloatEvaluator(
            try ModelFile.load(path: "\(folder)/str_ww_ref_model.tflite").graph)
        var float = FloatEvaluator(
            try ModelFile.load(path: "\(folder)/str_ww_ref_model.float32.safetensors").graph)
        let script = """
            import sys
            import numpy as np
            x = np.load(sys.argv[1])["specs"].astype("<f4")
            x.tofile(sys.argv[2])
            """
        let rows = try Python.rows(script: script, ["\(folder)/calibration_samples.npz"])
        #expect(rows.count == 45 * 1200)
        for start in stride(from: 0, to: rows.count, by: 1200) {
            let x = Array(rows[start..<start + 1200])
            for (a, b) in zip(int8(x), float(x)) { #expect(abs(a - b) < 0.05) }
        }
    }

    @Test(
        "The audio preprocessors are refused by the name of their first custom operator",
        arguments: ["audio_preprocessor_int8", "audio_preprocessor_float"])
    func preprocessor(name: String) throws {
        let path = try #require(data) + "/models/tflm_micro_speech/\(name).tflite"
        let error = #expect(throws: ModelFileError.self) { try ModelFile.load(path: path) }
        #expect(error?.found == "custom operator SignalWindow")
    }
}
