// SPDX-License-Identifier: Apache-2.0

package import KWSEmit
internal import KWSFrontEnd
package import KWSGraph
package import KWSModelFile
package import KWSPasses

/// The whole way from a loaded model to a model block, with every phase kept for reports.
package struct Compilation: Sendable {
    /// What a decision computes.
    package enum Execution: String, CaseIterable, Sendable {
        /// Rows, if there is a front end and that takes fewer products; else the window.
        case auto
        /// All of the window.
        case window
        /// What new rows of features change; an error if no layer allows that.
        case rows
    }

    package struct Options: Sendable {
        /// Samples of the PCM ring; nil: the front end's default.
        package var pcmCapacity: Int?
        package var variant: KernelVariant
        package var widths: Widths
        package var execution: Execution
        /// Hops from one decision to the next, 1 to 255; nil: those of the description.
        package var hops: Int?
        /// Sees the float graph after each pass.
        package var observe: @Sendable (_ pass: String, _ graph: FloatGraph) -> Void

        package init(
            pcmCapacity: Int? = nil, variant: KernelVariant = .portable,
            widths: Widths = Widths(), execution: Execution = .auto, hops: Int? = nil,
            observe: @escaping @Sendable (String, FloatGraph) -> Void = { _, _ in }
        ) {
            self.pcmCapacity = pcmCapacity
            self.variant = variant
            self.widths = widths
            self.execution = execution
            self.hops = hops
            self.observe = observe
        }
    }

    package let source: LoadedModel
    /// The inputs that it was given; none where the description holds all ranges.
    package let features: [[Float]]
    /// The float graph after the passes: what the integers approximate.
    package let floatGraph: FloatGraph
    package let input: InputQuantisation
    /// Which layers may keep rows from one decision to the next, and why not the others.
    package let rows: StreamRows
    package private(set) var model: CompiledModel
    package private(set) var block: ModelBlock

    /// Compiles.
    ///
    /// - Parameters:
    ///   - features: representative inputs of the network, from which activation ranges come if the
    ///     description does not hold them.
    ///   - advance: called once an input, from any thread.
    /// - Throws: `GraphError` or `FrontEndError`: a network or front end that has no integer form.
    package init(
        _ source: LoadedModel, features: [[Float]], options: Options = Options(),
        advance: @Sendable () -> Void = {}
    ) throws {
        var graph = source.graph
        // Grids are those of the channels and weights that were trained.
        let passes =
            source.description.quantisation == nil
            ? standardPasses
            : standardPasses.filter { !($0 is RemoveDeadUnits || $0 is CentreLogits) }
        try run(passes, on: &graph, observe: options.observe)
        var description = source.description
        if let hops = options.hops { description.detection.inferenceHops = hops }
        let stateful = try Compilation.stateful(graph, description, features)
        if let stateful { graph = stateful.graph }
        let quantise: Quantise
        if let learned = source.description.quantisation {
            quantise = Quantise(learned: learned)
        } else {
            let input = InputQuantisation(
                features: features,
                hasFinePlane: source.description.hasFineInput
                    && graph.readsFinePlane(options.widths))
            let rounded = features.map { $0.map(input.rounded) }
            let calibration =
                stateful?.calibration(inputs: rounded, advance: advance)
                ?? Calibration(graph, inputs: rounded, advance: advance)
            quantise = Quantise(calibration: calibration, input: input, widths: options.widths)
        }
        let input = quantise.input
        var quantised = try quantise(graph)

        var detection: Detection?
        if let frontEnd = description.frontEnd {
            guard !description.keywords.isEmpty else {
                throw GraphError(
                    node: description.name,
                    fact: "no label of \(description.labels) is a keyword; allowed is one at least")
            }
            try Compilation.checkFrontEnd(frontEnd, graph, quantised)
            detection = try Detection(description, frontEnd, input: input.quantisation)
        }

        let rows = StreamRows(
            quantised, hopRows: detection?.inferenceHops ?? stateful?.hops,
            frontEnd: description.frontEnd.map { ($0.frameCount, $0.normalisation == .windowPeak) })
        let isComplete = rows.streaming?.layers ?? 0 >= rows.needed
        guard rows.needed == 0 || isComplete && options.execution != .window else {
            throw GraphError(
                node: quantised.layers[rows.needed - 1].name,
                fact: "goes on from rows of the decision before, as no window has them, and "
                    + (isComplete
                        ? "--execution window computes windows alone"
                        : "not all layers before it can: \(rows.reason)"))
        }
        switch options.execution {
        case .rows where rows.streaming == nil:
            throw GraphError(
                node: description.name, fact: "no layer can run row by row: \(rows.reason)")
        case .rows: quantised.streaming = rows.streaming
        case .auto
        where
            rows.needed > 0 || detection != nil && rows.operations < rows.windowOperations:
            quantised.streaming = rows.streaming
        case .auto, .window: break
        }
        var tables: FrontEndTables?
        if let frontEnd = description.frontEnd {
            do throws(FrontEndError) {
                // A poll takes long where it computes a window.
                tables = try FrontEndTables(
                    frontEnd, scale: input.quantisation.scale,
                    zeroPoint: input.quantisation.zeroPoint, hasFinePlane: input.hasFinePlane,
                    pcmCapacity: options.pcmCapacity,
                    slackHops: quantised.streaming == nil ? 2 : 1)
            } catch {
                throw GraphError(node: description.name, fact: error.description)
            }
        }
        if quantised.streaming == nil { quantised = LayColumns()(quantised) }
        quantised = ChooseStorage(options.variant)(quantised)

        self.source = source
        self.features = graph.windows(of: features)
        floatGraph = graph
        self.input = input
        self.rows = rows
        model = CompiledModel(
            graph: quantised, plan: PlanMemory(options.variant)(quantised),
            variant: options.variant, labels: description.labels, frontEnd: tables,
            detection: detection, sourceHash: source.sourceHash)
        block = ModelBlock(model)
    }

    /// Nil for a network whose every window begins anew.
    private static func stateful(
        _ graph: FloatGraph, _ description: ModelDescription, _ features: [[Float]]
    ) throws(GraphError) -> StatefulGraph? {
        guard description.isStateful else { return nil }
        guard description.frontEnd?.normalisation != .windowPeak else {
            throw GraphError(
                node: description.name,
                fact: "stateful, and the front end divides by the largest sample of a window")
        }
        guard description.quantisation == nil else {
            throw GraphError(
                node: description.name,
                fact: "stateful, and trained on grids of windows that begin at 0")
        }
        let shape = graph.shape(of: graph.input)
        let each = max(1, shape.elements / shape.extents[0])
        return try StatefulGraph(
            graph,
            hops: description.frontEnd == nil ? nil : description.detection.inferenceHops,
            frames: (features.first?.count ?? 0) / each)
    }

    /// The same network for the kernels of another family of cores.
    package func targeting(_ variant: KernelVariant) -> Compilation {
        if variant.pack == model.variant.pack { return self }
        var other = self
        other.model.variant = variant
        other.model.graph = ChooseStorage(variant)(model.graph)
        other.model.plan = PlanMemory(variant)(other.model.graph)
        other.block = ModelBlock(other.model)
        return other
    }

    /// The same network where each decision computes its whole window.
    package var windowed: Compilation {
        guard model.graph.streaming != nil else { return self }
        var other = self
        other.model.graph.streaming = nil
        other.model.graph = ChooseStorage(model.variant)(LayColumns()(other.model.graph))
        other.model.plan = PlanMemory(model.variant)(other.model.graph)
        other.block = ModelBlock(other.model)
        return other
    }

    /// The same network for the kernels of a core; see `KernelVariant.of(target:)`.
    package func targeting(core: String) -> Compilation {
        targeting(KernelVariant.of(target: core) ?? .portable)
    }

    private static func checkFrontEnd(
        _ frontEnd: FrontEndDefinition, _ float: FloatGraph, _ graph: QuantGraph
    ) throws(GraphError) {
        let features = frontEnd.frameCount * frontEnd.featureCount
        let taken = float.shape(of: float.input).elements
        guard features == taken else {
            throw GraphError(
                node: graph.input.name,
                fact: "the network takes \(taken) features, the front end makes "
                    + "\(frontEnd.frameCount) x \(frontEnd.featureCount)")
        }
        if case .softmax? = graph.layers.last?.operation { return }
        throw GraphError(
            node: graph.layers.last?.name ?? graph.name,
            fact: "a model that listens must end in a softmax; the description can append one")
    }
}
