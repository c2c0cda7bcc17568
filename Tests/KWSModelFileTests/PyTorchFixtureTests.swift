// SPDX-License-Identifier: Apache-2.0
// Goal: what PyTorch's exporters write computes here what PyTorch computed.
// Method: eight nets, each by the old and the new exporter, operator sets 13 to 21; input and
// output as recorded by Tests/Fixtures/ONNX/export.py.

import Foundation
import KWSFrontEnd
import KWSGraph
import KWSModelFile
import Testing

struct PyTorchFixtureTests {
    static let models: [String] = [
        "Branches.dynamo18", "Branches.legacy21", "Dense.dynamo18", "Dense.legacy17",
        "Padded.dynamo18", "Padded.legacy13", "PerFrame.dynamo21", "PerFrame.legacy21",
        "Residual1D.dynamo18", "Residual1D.legacy13", "Scaled.dynamo21", "Scaled.legacy17",
        "Separable2D.dynamo21", "Separable2D.legacy17", "Transposed.dynamo21",
        "Transposed.legacy13",
    ]

    @Test("Outputs equal PyTorch's", arguments: models)
    func outputs(name: String) throws {
        let path = Fixture.folder.appendingPathComponent("\(name).onnx").path
        let model = try ModelFile.load(path: path)
        let numbers = try Fixture.floats("\(name.prefix { $0 != "." }).f32")
        var evaluator = FloatEvaluator(model.graph)
        let count = model.graph.shape(of: model.graph.input).elements
        let found = evaluator(Array(numbers[..<count]))
        #expect(found.count == numbers.count - count)
        #expect(model.description.labels.count == found.count)
        for (a, b) in zip(found, numbers[count...]) { #expect(abs(a - b) < 1e-4) }
    }

    @Test("Features before frames: the input becomes time-major, the result stays")
    func featuresFirst() throws {
        // Residual1D takes [12 features][17 frames], as Conv1d wants them.
        let scratch = try Scratch()
        let numbers = try Fixture.floats("Residual1D.f32")
        let description = """
            {"softmax": false, "frontEnd": {"frameSamples": 400, "hopSamples": 160,
             "frameCount": 17, "fftPoints": 512, "window": "periodic-hann",
             "bands": {"count": 12, "lowHertz": 20, "highHertz": 7600},
             "logarithm": {"naturalOfSum": 1e-6}}}
            """
        _ = try scratch.write(Array(description.utf8), "m.kws.json")
        let model = try scratch.load(try Fixture.bytes("Residual1D.legacy13.onnx"), "m.onnx")
        #expect(model.description.frontEnd?.bands.count == 12)
        let timeMajor = (0..<17).flatMap { t in (0..<12).map { f in numbers[f * 17 + t] } }
        var evaluator = FloatEvaluator(model.graph)
        for (a, b) in zip(evaluator(timeMajor), numbers[204...]) { #expect(abs(a - b) < 1e-4) }
        #expect(!model.graph.nodes.contains { $0.operation.name == "transpose" })
    }
}
