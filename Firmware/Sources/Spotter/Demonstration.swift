// SPDX-License-Identifier: Apache-2.0

import Board
import CKWS
import DemoModel
import KeywordSpotter
import Semihosting

/// Streams a WAV into the library and prints what it hears.
enum Demonstration {
    /// Samples pushed at a time: 10 ms, as from an audio driver.
    private static let chunk = 160

    static func run(
        _ wave: consuming WaveReader, measures: Bool, pool: inout Pool
    ) -> ExitCode {
        let memory = UnsafeMutableRawBufferPointer(
            start: demo_memory(), count: demo_memory_bytes())
        guard let model = demo_model() else { return .failed }
        do throws(SpotterError) {
            var spotter = try KeywordSpotter(model: model, memory: memory)
            guard wave.sampleRate == UInt32(spotter.sampleRate) else {
                Console.print("spotter: the WAV file has ")
                Console.print(wave.sampleRate)
                Console.print(" Hz, the model takes ")
                Console.print(UInt32(spotter.sampleRate))
                Console.print(" Hz\n")
                return .badInput
            }
            if measures { try measureInference(&spotter, pool: &pool) }
            var tally = Tally(layerCount: layerCount(of: model))
            try withUnsafeMutablePointer(to: &tally) { tally throws(SpotterError) in
                spotter.observe(observe, context: tally)
                try stream(&wave, into: &spotter, tally, measures: measures, pool: &pool)
                spotter.observe(nil, context: nil)
            }
            if !measures { report(tally) }
            return .done
        } catch {
            Console.print("spotter: ")
            Console.print(kws_strerror(kws_status(rawValue: error.rawValue)))
            Console.print("\n")
            return .failed
        }
    }

    /// Pushes and polls until the file ends; prints every event.
    private static func stream(
        _ wave: inout WaveReader, into spotter: inout KeywordSpotter,
        _ tally: UnsafeMutablePointer<Tally>, measures: Bool, pool: inout Pool
    ) throws(SpotterError) {
        guard let buffer = pool.take(Int16.self, count: chunk) else { return }
        var hop = Cost()
        while true {
            let count = wave.read(into: buffer)
            if count == 0 { break }
            var next = 0
            while next < count {
                next += spotter.push(
                    UnsafeBufferPointer(rebasing: buffer[next..<count]))
                var isIdle = false
                while !isIdle {
                    tally.pointee.sawRow = false
                    let start = board_instructions()
                    let step = try spotter.poll()
                    let instructions = board_instructions() &- start
                    switch step {
                    case .idle: isIdle = true
                    case .again:
                        if !tally.pointee.sawRow { hop.add(instructions) }
                    case .event(let event):
                        if !measures { heard(event, by: spotter) }
                    }
                }
            }
        }
        if measures { hop.report("hop_instructions") }
    }

    /// Measures one inference on features of zero, without an observer.
    private static func measureInference(
        _ spotter: inout KeywordSpotter, pool: inout Pool
    ) throws(SpotterError) {
        guard let features = pool.take(Int8.self, count: spotter.featureCount),
            let scores = pool.take(Int8.self, count: spotter.classCount)
        else { return }
        board_stack_mark()
        var inference = Cost()
        let start = board_instructions()
        try spotter.infer(features: UnsafeBufferPointer(features), scores: scores)
        inference.add(board_instructions() &- start)
        let stack = board_stack_used()
        inference.report("inference_instructions")
        print("stack_bytes", stack)
        print("ram_bytes", UInt32(demo_memory_bytes()))
    }

    private static func heard(_ event: SpotterEvent, by spotter: borrowing KeywordSpotter) {
        let milliseconds = UInt64(event.endSample) * 1000 / UInt64(spotter.sampleRate)
        Console.print("heard ")
        Console.print(UInt32(milliseconds / 1000), width: 4)
        Console.print(".")
        Console.print(UInt32(milliseconds % 1000), width: 3, fill: 0x30)
        Console.print(" s  ")
        Console.print(spotter.labelBytes(of: event.keyword))
        Console.print("  ")
        let percent = UInt32(event.score) * 100 / 65536
        Console.print(percent)
        Console.print(" %\n")
    }

    private static func report(_ tally: Tally) {
        for stage in 0..<tally.stageCount {
            Console.print("stage ")
            if stage == 0 {
                Console.print("features")
            } else {
                Console.print("layer-")
                Console.print(UInt32(stage - 1))
            }
            Console.print(" ")
            Console.print(hexadecimal: tally.sum(of: stage))
            Console.print("\n")
        }
        print("inferences", tally.inferences)
        Console.print("parity ")
        Console.print(hexadecimal: tally.total)
        Console.print("\n")
    }

    private static func print(_ name: StaticString, _ number: UInt32) {
        Console.print(name)
        Console.print(" ")
        Console.print(number)
        Console.print("\n")
    }

    private static func layerCount(of model: UnsafePointer<kws_model>) -> Int {
        guard let block = model.pointee.block else { return 0 }
        return Int(block.load(as: kws_block_header.self).layer_count)
    }

    private static let observe: kws_row_observer = { context, layer, row, values, count in
        guard let context, let values else { return }
        context.assumingMemoryBound(to: Tally.self).pointee.add(
            layer: layer, first: row &* count,
            UnsafeBufferPointer(start: values, count: Int(count)))
    }
}
