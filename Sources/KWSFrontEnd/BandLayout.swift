// SPDX-License-Identifier: Apache-2.0

/// How frequency bins are gathered into bands, most of them of equal width in mel,
/// mel(f) = 1127 ln(1 + f/700).
package struct BandLayout: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// `count` triangles over `count + 2` edges equally spaced from low to high, linear in mel,
        /// not normalised; bin 0 has weight 0.
        case triangles
        /// As Arm's ML-KWS-for-MCU: `count + 1` centres, one spacing above low the first, high the
        /// last; each bin is shared between its two neighbours, below the first centre between
        /// band 0 and nobody; nothing goes to the last centre.
        case armCentres = "arm-centres"
        /// No bands but a spectrum: `count` frequencies, the first low and the last high, equally
        /// spaced in Hz; between two bins linear. One-sided: 0 Hz and half the sample rate, which
        /// have no mirror image, count half.
        case bins
    }

    package var kind: Kind
    package var count: Int
    package var lowHertz: Double
    package var highHertz: Double

    package init(kind: Kind, count: Int, lowHertz: Double, highHertz: Double) {
        self.kind = kind
        self.count = count
        self.lowHertz = lowHertz
        self.highHertz = highHertz
    }

    /// The bands' weights over the `bins` bins from 0 to half the sample rate, without the zeros
    /// outside; a band that no bin meets has no weights.
    package func weights(bins: Int, sampleRate: Int) -> [Band] {
        let hertz = Double(sampleRate) / 2 / Double(bins - 1)
        let dense =
            switch kind {
            case .triangles: triangles(bins: bins, hertz: hertz)
            case .armCentres: armCentres(bins: bins, hertz: hertz)
            case .bins: spectrum(bins: bins, hertz: hertz)
            }
        return dense.map { row in
            guard let first = row.firstIndex(where: { $0 != 0 }),
                let last = row.lastIndex(where: { $0 != 0 })
            else { return Band(firstBin: 0, weights: []) }
            return Band(firstBin: first, weights: Array(row[first...last]))
        }
    }

    private func triangles(bins: Int, hertz: Double) -> [[Double]] {
        let low = Mathematics.mel(lowHertz)
        let spacing = (Mathematics.mel(highHertz) - low) / Double(count + 1)
        return (0..<count).map { band in
            let lower = low + spacing * Double(band)
            let upper = low + spacing * Double(band + 2)
            return (0..<bins).map { bin in
                guard bin > 0 else { return 0 }
                let mel = Mathematics.mel(hertz * Double(bin))
                return max(0, min(mel - lower, upper - mel) / spacing)
            }
        }
    }

    private func spectrum(bins: Int, hertz: Double) -> [[Double]] {
        let spacing = (highHertz - lowHertz) / Double(max(1, count - 1))
        return (0..<count).map { band in
            let place = (lowHertz + spacing * Double(band)) / hertz
            let below = min(Int(place), bins - 2)
            let share = place - Double(below)
            var row = [Double](repeating: 0, count: bins)
            row[below] = 1 - share
            row[below + 1] = share
            row[0] /= 2
            row[bins - 1] /= 2
            return row
        }
    }

    private func armCentres(bins: Int, hertz: Double) -> [[Double]] {
        var rows = [[Double]](repeating: [Double](repeating: 0, count: bins), count: count)
        let low = Mathematics.mel(lowHertz)
        let spacing = (Mathematics.mel(highHertz) - low) / Double(count + 1)
        let first = Int(1.5 + lowHertz / hertz)
        let last = min(bins - 1, Int(highHertz / hertz))
        guard first <= last else { return rows }
        for bin in first...last {
            let mel = Mathematics.mel(hertz * Double(bin))
            // Below the first centre the spacing is the same: low takes the place of a centre.
            var below = Int(((mel - low) / spacing).rounded(.up)) - 2
            below = min(max(below, -1), count - 1)
            let share = (low + spacing * Double(below + 2) - mel) / spacing
            if below >= 0 { rows[below][bin] += share }
            if below + 1 < count { rows[below + 1][bin] += 1 - share }
        }
        return rows
    }
}
