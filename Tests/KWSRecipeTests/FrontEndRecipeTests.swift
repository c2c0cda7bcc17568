// SPDX-License-Identifier: Apache-2.0
//
// Goal: recipes name every front end, networks train on it, and what is written beside the weights
// gives it back. Method: the small recipe of RecipeTests with another front end.

import Foundation
import KWSFrontEnd
import KWSGraph
import KWSModelFile
import KWSRecipe
import KWSTrain
import Testing

@Suite final class FrontEndRecipeTests: ToneClips {
    static let logarithm = #""logarithm": {"naturalOfMaximum": 1e-6}"#
    static let bands =
        #""bands": {"kind": "triangles", "count": 12, "lowHertz": 100, "highHertz": 7000}"#
    static let transform = #""fftPoints": 512,"# + "\n    " + #""window": "periodic-hann", "#

    static func text(_ changes: [(String, String)]) -> String {
        changes.reduce(RecipeTests.text) { text, change in
            #expect(text.contains(change.0), "\(change.0)")
            return text.replacingOccurrences(of: change.0, with: change.1)
        }
    }

    static func pcen(_ fields: String) -> String {
        text([
            (logarithm, #""normalisation": "integers", "spectrum": "power", "pcen": {\#(fields)}"#)
        ])
    }

    static let spectrogram = text([
        ("triangles", "bins"), (logarithm, #""logarithm": {"naturalOfSum": 1e-6}"#),
    ])

    /// 12 samples a frame.
    static let waveform = text([
        (#""frameSamples": 512"#, #""spectrum": "waveform", "frameSamples": 12"#),
        (#""hopSamples": 512"#, #""hopSamples": 12"#), (logarithm + ",\n    ", ""),
        (transform, ""), (#""frameCount": 10, "# + bands, #""frameCount": 10"#),
    ])

    static func definition(_ text: String) throws -> FrontEndDefinition {
        try #require(try RecipeTests.load(text).model.description.frontEnd)
    }

    @Test func fieldsAreReadAsWritten() throws {
        var expected = PCEN()
        #expect(try Self.definition(Self.pcen("")).compression == .pcen(expected))
        (expected.smoothing, expected.gain, expected.bias) = (0.04, 0.8, 10)
        (expected.root, expected.epsilon) = (0.25, 1e-3)
        let read = try Self.definition(
            Self.pcen(
                #""smoothing": 0.04, "gain": 0.8, "bias": 10, "root": 0.25, "epsilon": 1e-3"#))
        #expect(read.compression == .pcen(expected))
        #expect(read.normalisation == .integers && read.spectrum == .power)

        #expect(try Self.definition(Self.spectrogram).bands.kind == .bins)
        let samples = try FrontEndDefinition.waveform(
            frameSamples: 12, hopSamples: 12, frameCount: 10)
        #expect(try Self.definition(Self.waveform) == samples)
    }

    @Test(arguments: [
        (pcen(#""alpha": 1"#), #"unknown key "alpha""#), (pcen(#""root": 2"#), "pcen.root 2.0"),
        (text([(logarithm, logarithm + #", "pcen": {}"#)]), #"one of "logarithm" and "pcen""#),
        (text([(logarithm + ",", "")]), #""logarithm""#),
        (
            text([("\"frameSamples\"", #""spectrum": "waveform", "frameSamples""#)]),
            "unknown key"
        ),
    ])
    func whatIsWrongIsNamed(text: String, fact: String) throws {
        let error = #expect(throws: ModelFileError.self) { try RecipeTests.load(text) }
        #expect(error?.description.contains(fact) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [pcen(""), spectrogram, waveform])
    func aNetworkTrainsOnIt(text: String) throws {
        let recipe = try RecipeTests.load(text)
        let run = try TrainingRun(recipe, data: folder, threads: 2)
        let before = run.graph.nodes.flatMap { $0.operation.parameters.flatMap(\.numbers) }
        #expect(try run.runEpoch { _ in }.loss.isFinite)
        let after = run.graph.nodes.flatMap { $0.operation.parameters.flatMap(\.numbers) }
        #expect(after != before)
        let files = try run.recipe.write(run.graph, stem: "\(folder)/out")
        let read = try ModelFile.load(path: files[0])
        #expect(read.description.frontEnd == recipe.model.description.frontEnd)
    }
}
