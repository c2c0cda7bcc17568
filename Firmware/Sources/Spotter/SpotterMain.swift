// SPDX-License-Identifier: Apache-2.0

import Semihosting

/// Hears the keywords of the model in flash in a WAV file: `Spotter FILE.wav [measure]`.
@main
struct SpotterMain {
    static func main() {
        Semihosting.exit(run().rawValue)
    }

    private static func run() -> ExitCode {
        var pool = Pool()
        guard let text = pool.take(UInt8.self, count: 1024),
            let line = Semihosting.commandLine(into: text), let words = CommandLineWords(line),
            words.count == 1 || words.count == 2
        else {
            Console.print("usage: Spotter FILE.wav [measure]\n")
            return .usage
        }
        guard let file = HostFile(path: words.word(0), length: words.length(of: 0), mode: .read)
        else {
            Console.print("spotter: cannot open the WAV file\n")
            return .noInput
        }
        guard let wave = WaveReader(file) else {
            Console.print("spotter: not a WAV file of 16-bit PCM with one channel\n")
            return .badInput
        }
        return Demonstration.run(wave, measures: words.count == 2, pool: &pool)
    }
}
