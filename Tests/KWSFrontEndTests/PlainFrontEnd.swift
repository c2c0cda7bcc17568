// SPDX-License-Identifier: Apache-2.0

// An oracle: the formulas of the published front ends written out once more, with a plain DFT,
// dense band weights and nothing shared with the module under test.

internal import Foundation

/// The presets by name, as slow text-book code; input already has the window's length.
enum PlainFrontEnd {
    static func features(_ preset: String, _ pcm: [Int16]) -> [Double] {
        switch preset {
        case "mlperf-mfcc":
            let peak = Double(max(1, pcm.max() ?? 1))
            let hann = (0..<480).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / 480) }
            return mfcc(
                spectra(pcm.map { Double($0) / peak }, hann, hop: 320, points: 512, count: 49)
                    .map { logs(of: $0.map { $0.squareRoot() }, triangles(257, 20, 4000)) }
                    .map { $0.map { log($0 + 1e-6) } })
        case "arm-mfcc-20ms", "arm-mfcc-40ms":
            let hann = (0..<640).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / 640) }
            let (hop, count) = preset == "arm-mfcc-20ms" ? (320, 49) : (640, 25)
            return mfcc(
                spectra(pcm.map { Double($0) / 32768 }, hann, hop: hop, points: 1024, count: count)
                    .map { logs(of: $0.map { $0.squareRoot() }, shares()) }
                    .map { $0.map { log(max($0, 1e-12)) } })
        case "pcen":
            let hann = (0..<400).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / 400) }
            var mean: [Double] = []
            return spectra(pcm.map(Double.init), hann, hop: 160, points: 512, count: 151)
                .map { logs(of: $0, triangles(257, 20, 7600)) }
                .flatMap { energies in
                    if mean.isEmpty { mean = energies }
                    return energies.indices.map { j in
                        // A band that has been silent so far begins with its first sound.
                        mean[j] = mean[j] == 0 ? energies[j] : 0.975 * mean[j] + 0.025 * energies[j]
                        return pow(energies[j] / pow(1e-6 + mean[j], 0.98) + 2, 0.5) - pow(2, 0.5)
                    }
                }
        case "log-spectrogram":
            let hann = (0..<320).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / 320) }
            return spectra(pcm.map(Double.init), hann, hop: 160, points: 1024, count: 99)
                .flatMap { bins in
                    // 50 Hz are 3.2 bins.
                    (0...160).map { k in
                        let (bin, rest) = (16 * k / 5, Double(16 * k % 5) / 5)
                        let next = rest > 0 ? bins[bin + 1] : 0
                        let power = bins[bin] * (1 - rest) + next * rest
                        // 120 is the sum of squares of the window.
                        return log((k % 160 == 0 ? 1 : 2) * power / (16000 * 120) + 1e-10)
                    }
                }
        default:
            let hamming = (0..<1024).map { 0.54 - 0.46 * cos(2 * .pi * Double($0) / 1023) }
            let x = pcm.map { Double($0) / 32768 }
            let y = x.indices.map { x[$0] - 0.96875 * ($0 > 0 ? x[$0 - 1] : 0) }
            return spectra(y, hamming, hop: 512, points: 1024, count: 30)
                .flatMap { logs(of: $0.map { max($0 / 1024, 1e-30) }, triangles(513, 0, 8000)) }
                .map { min(1, max(0, (10 * log10(max($0, 1e-30)) + 52) / 64)) }
        }
    }

    private static func mel(_ hertz: Double) -> Double { 1127 * log(1 + hertz / 700) }

    /// |X|^2 of every frame, by the definition of the DFT.
    private static func spectra(
        _ x: [Double], _ window: [Double], hop: Int, points: Int, count: Int
    ) -> [[Double]] {
        let cosine = (0..<points).map { cos(2 * .pi * Double($0) / Double(points)) }
        return (0..<count).map { frame in
            let s = window.indices.map { x[frame * hop + $0] * window[$0] }
            return (0...points / 2).map { k in
                var (re, im) = (0.0, 0.0)
                for n in s.indices {
                    re += s[n] * cosine[k * n % points]
                    im += s[n] * cosine[(k * n + points / 4) % points]  // -sin
                }
                return re * re + im * im
            }
        }
    }

    private static func logs(of bins: [Double], _ weights: [[Double]]) -> [Double] {
        weights.map { row in zip(bins, row).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    private static func triangles(_ bins: Int, _ low: Double, _ high: Double) -> [[Double]] {
        let edges = (0...41).map { mel(low) + (mel(high) - mel(low)) * Double($0) / 41 }
        return (0..<40).map { band in
            let (lo, c, hi) = (edges[band], edges[band + 1], edges[band + 2])
            return (0..<bins).map { bin in
                if bin == 0 { return 0 }
                let m = mel(8000 * Double(bin) / Double(bins - 1))
                return max(0, min((m - lo) / (c - lo), (hi - m) / (hi - c)))
            }
        }
    }

    /// Arm's bands: every bin from 2 to 256 is shared by the two centres around it.
    private static func shares() -> [[Double]] {
        var rows = [[Double]](repeating: [Double](repeating: 0, count: 513), count: 40)
        let centres = (0...40).map { mel(20) + Double($0 + 1) * (mel(4000) - mel(20)) / 41 }
        for bin in 2...256 {
            let m = mel(15.625 * Double(bin))
            let k = centres.lastIndex { $0 < m } ?? -1
            let base = k >= 0 ? centres[k] : mel(20)
            // Bin 256 lies on the last centre, up to rounding.
            let share = k < 40 ? (centres[k + 1] - m) / (centres[k + 1] - base) : 0
            if (0..<40).contains(k) { rows[k][bin] += share }
            if k + 1 < 40 { rows[k + 1][bin] += 1 - share }
        }
        return rows
    }

    private static func mfcc(_ rows: [[Double]]) -> [Double] {
        rows.flatMap { row in
            (0..<10).map { k in
                2 / 80.0.squareRoot()
                    * row.indices.reduce(0) {
                        $0 + row[$1] * cos(.pi * Double(k) * (Double($1) + 0.5) / 40)
                    }
            }
        }
    }
}
