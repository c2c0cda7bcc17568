// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import KWSFrontEnd
internal import KWSGraph

/// The entry point: a path becomes a network with its description.
package enum ModelFile {
    /// Loads `X.onnx`, `X.tflite`, `X.safetensors`, or a description that names one of them.
    ///
    /// A description is looked for in this order: `descriptionPath`, `X.kws.json` beside the model,
    /// the built-in ones (by the model file's checksum, then by its tensors).
    ///
    /// - Parameter descriptionPath: a file, or the name of a built-in description.
    package static func load(
        path: String, descriptionPath: String? = nil
    ) throws(ModelFileError) -> LoadedModel {
        let lower = path.lowercased()
        if lower.hasSuffix(".json") {
            let source = try FileBytes(path: path)
            let description = try DescriptionFile(source)
            guard let model = description.model else {
                throw description.root.error(
                    "a description with \"model\", the path of its model file",
                    found: "no \"model\"")
            }
            let modelPath = resolve(model, besides: path)
            return try load(
                try FileBytes(path: modelPath), format: try format(of: modelPath),
                description: description, files: [source])
        }
        let source = try FileBytes(path: path)
        let format = try format(of: path)
        if let given = descriptionPath {
            let file: FileBytes
            if let builtIn = BuiltInDescriptions.named(given) {
                file = builtIn
            } else {
                file = try FileBytes(path: given)
            }
            return try load(
                source, format: format, description: try DescriptionFile(file), files: [file])
        }
        let beside = "\(path.dropLast(format.rawValue.count + 1)).kws.json"
        if FileManager.default.fileExists(atPath: beside) {
            let file = try FileBytes(path: beside)
            return try load(
                source, format: format, description: try DescriptionFile(file), files: [file])
        }
        return try BuiltInDescriptions.load(source, format: format)
    }

    /// Loads a model file with a description that is no file of its own.
    static func load(
        path: String, description: DescriptionFile
    ) throws(ModelFileError) -> LoadedModel {
        try load(try FileBytes(path: path), format: try format(of: path), description: description)
    }

    /// A model file's format, by its name.
    enum Format: String, CaseIterable {
        case onnx, tflite, safetensors
    }

    private static func format(of path: String) throws(ModelFileError) -> Format {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard let format = Format(rawValue: ending) else {
            throw ModelFileError(
                .unsupported, file: path, place: "", found: "a file name without a known ending",
                allowed: (Format.allCases.map { ".\($0.rawValue)" } + [".json"])
                    .joined(separator: ", "))
        }
        return format
    }

    /// A path that a description gives, relative to the description's own folder.
    static func resolve(_ path: String, besides description: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let slash = description.lastIndex(of: "/") else { return path }
        return description[...slash] + path
    }

    /// Loads a model file with its description.
    ///
    /// - Parameter files: further files whose bytes count into the source hash.
    static func load(
        _ source: FileBytes, format: Format, description: DescriptionFile?, files: [FileBytes] = []
    ) throws(ModelFileError) -> LoadedModel {
        let name = source.name.split(separator: "/").last.map(String.init) ?? "model"
        let stem = String(name.prefix { $0 != "." })
        var notes: [String] = []
        var files = files
        var graph: FloatGraph
        switch format {
        case .onnx:
            let features = description?.frontEnd.map { ($0.frameCount, $0.featureCount) }
            let result = try ONNXImporter.graph(
                source, name: stem, features: features, featuresFirst: description?.featuresFirst)
            graph = result.graph
            files += result.external
        case .tflite:
            graph = try TFLiteImporter.graph(source, name: stem, notes: &notes)
        case .safetensors:
            var topology = description?.topology
            if let field = topology, case .string(let path) = field.value.content {
                let file = try FileBytes(path: resolve(path, besides: field.file))
                files.append(file)
                topology = JSONField(
                    file: file.name, path: "",
                    value: try JSONParser.parse(file.bytes[...], file: file.name))
            }
            guard let topology else {
                throw ModelFileError(
                    file: description?.root.file ?? source.name, place: "description",
                    found: "no \"topology\"", allowed: "a topology, which safetensors files need")
            }
            let result = try TopologyReader.graph(
                topology, tensors: try SafetensorsFile(source), name: stem)
            graph = result.graph
            if !result.unused.isEmpty {
                notes.append("Tensors without a layer: \(result.unused.joined(separator: ", ")).")
            }
        }
        let bound: ModelDescription
        if let description {
            bound = try description.bind(to: &graph, name: stem)
            graph.name = bound.name
        } else {
            let outputs = graph.shape(of: graph.output).elements
            bound = ModelDescription(
                name: stem, labels: (0..<outputs).map { "class\($0)" }, keywords: [])
            notes.append("No description: classes have no names, and there is no front end.")
        }
        return LoadedModel(
            graph: graph, description: bound,
            sourceHash: FileBytes.checksum(of: [source] + files), notes: notes)
    }
}
