// SPDX-License-Identifier: Apache-2.0

internal import CModelDescriptions
internal import KWSGraph

/// The descriptions of published models that the tool carries with it.
enum BuiltInDescriptions {
    /// All of them, in the order of their names.
    static let all: [FileBytes] = {
        var files: [FileBytes] = []
        var index = 0
        while let entry = kws_model_description_at(index)?.pointee {
            let name = String(cString: entry.name)
            let bytes = UnsafeBufferPointer(start: entry.bytes, count: entry.count)
            files.append(FileBytes(name: "built-in description \(name)", bytes: Array(bytes)))
            index += 1
        }
        return files
    }()

    private static func name(_ file: FileBytes) -> String {
        String(file.name.dropFirst("built-in description ".count))
    }

    static func named(_ wanted: String) -> FileBytes? {
        all.first { name($0) == wanted }
    }

    /// Loads a model that came without a description.
    static func load(
        _ source: FileBytes, format: ModelFile.Format
    ) throws(ModelFileError) -> LoadedModel {
        let checksum = source.checksum
        for file in all {
            let description = try DescriptionFile(file)
            if description.checksums.contains(checksum) {
                return try ModelFile.load(source, format: format, description: description)
            }
        }
        guard format == .safetensors else {
            return try ModelFile.load(source, format: format, description: nil)
        }
        let tensors = try SafetensorsFile(source)
        var fitting: [(name: String, description: DescriptionFile)] = []
        for file in all {
            let description = try DescriptionFile(file)
            guard let topology = description.topology,
                let result = try? TopologyReader.graph(topology, tensors: tensors, name: ""),
                result.unused.isEmpty
            else { continue }
            fitting.append((name(file), description))
        }
        guard let only = fitting.first, fitting.count == 1 else {
            let names = fitting.isEmpty ? all.map(name) : fitting.map(\.name)
            throw ModelFileError(
                file: source.name, place: "description",
                found: fitting.isEmpty
                    ? "none, and the tensors fit none of the built-in ones"
                    : "none, and the tensors fit \(fitting.count) of the built-in ones",
                allowed: "a .kws.json beside the model, or --description with a file or one of "
                    + names.joined(separator: ", "))
        }
        var model = try ModelFile.load(source, format: format, description: only.description)
        model.notes.append("The built-in description \(only.name) fits the tensors.")
        return model
    }
}
