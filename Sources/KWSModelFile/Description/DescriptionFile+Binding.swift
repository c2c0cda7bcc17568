// SPDX-License-Identifier: Apache-2.0

internal import KWSFrontEnd
internal import KWSGraph

extension DescriptionFile {
    /// Labels that are no keywords unless the description says so.
    private static let backgroundLabels: Set<String> = [
        "silence", "unknown", "_silence_", "_unknown_", "_background_noise_", "noise", "background",
    ]

    /// Joins the description with the graph that it describes: appends the softmax, checks labels,
    /// keywords and front end against the network.
    func bind(
        to graph: inout FloatGraph, name fallback: String
    ) throws(ModelFileError) -> ModelDescription {
        let outputs = graph.shape(of: graph.output).elements
        let labels = self.labels ?? (0..<outputs).map { "class\($0)" }
        guard labels.count == outputs else {
            throw root.error(
                "\(outputs) labels, one for each output of the network",
                found: "\(labels.count) labels")
        }
        if softmax, !graph.endsInSoftmax {
            do {
                try graph.append(.softmax, name: "softmax", inputs: [graph.output])
            } catch {
                throw root.error("a network that ends in a vector", found: error.fact)
            }
        }
        if let frontEnd {
            let features = frontEnd.frameCount * frontEnd.featureCount
            let shape = graph.shape(of: graph.input)
            guard features == shape.elements else {
                throw root.error(
                    "a front end for the network's input \(shape)",
                    found: "\(frontEnd.frameCount) frames of \(frontEnd.featureCount) features")
            }
        }
        let words = keywords ?? labels.filter { !Self.backgroundLabels.contains($0.lowercased()) }
        var keywords: [ModelDescription.Keyword] = []
        for word in words {
            guard let index = labels.firstIndex(of: word) else {
                throw root.error(
                    "keywords from the labels \(labels.joined(separator: ", "))",
                    found: "keyword \"\(word)\"")
            }
            keywords.append(
                ModelDescription.Keyword(
                    classIndex: index,
                    threshold: thresholds[word]
                        ?? (phrases.contains { $0.words.contains(word) } ? nil : threshold)))
        }
        for word in thresholds.keys.sorted() where !words.contains(word) {
            throw root.error(
                "thresholds for the keywords \(words.joined(separator: ", "))",
                found: "a threshold for \"\(word)\"")
        }
        var phrases: [ModelDescription.Phrase] = []
        for phrase in self.phrases {
            phrases.append(try phrase.bind(to: words, threshold: threshold))
        }
        return ModelDescription(
            name: name ?? fallback, labels: labels, keywords: keywords, phrases: phrases,
            frontEnd: frontEnd,
            frontEndName: frontEndName, detection: detection,
            hasFineInput: hasFineInput, isStateful: isStateful, quantisation: quantisation)
    }
}

extension FloatGraph {
    /// Whether the output is a softmax, reshaped at most.
    fileprivate var endsInSoftmax: Bool {
        var value = output
        for node in nodes.reversed() where node.output == value {
            switch node.operation {
            case .softmax: return true
            case .reshape: value = node.inputs[0]
            default: return false
            }
        }
        return false
    }
}
