// SPDX-License-Identifier: Apache-2.0

extension FrontEnd {
    /// Step 2: the transform of the pairs of `frame`. Returns how often it is halved.
    func fourier() -> Int32 {
        let m = record.points
        for k in 0..<m { transform[k] = Complex(re: frame[2 * k], im: frame[2 * k + 1]) }
        var groups: Int
        var halvings: Int32
        if m.trailingZeroBitCount % 2 == 1 {
            for k in 0..<m / 2 {
                let a = transform[k].raised(by: 1)
                let b = transform[k + m / 2]
                transform[k] = (a + b) >> 1
                transform[k + m / 2] = (a - b) >> 1
            }
            (groups, halvings) = (2, 1)
        } else {
            for k in 0..<m / 4 { combineFirst(k, m / 4) }
            (groups, halvings) = (4, 2)
        }
        while groups < m {
            let shift: Int32 = isSmall ? 1 : 2
            for group in 0..<groups {
                for k in 0..<m / groups / 4 { combine(group, groups, k, shift) }
            }
            halvings += shift
            groups *= 4
        }
        return halvings
    }

    /// Whether every number of the transform is small.
    private var isSmall: Bool {
        for k in 0..<record.points where !transform[k].isSmall { return false }
        return true
    }

    /// The first level of radix 4: four numbers a quarter apart, without twiddles.
    private func combineFirst(_ k: Int, _ quarter: Int) {
        let a = transform[k].raised(by: 2)
        let (b, c) = (transform[k + quarter], transform[k + 2 * quarter])
        let d = transform[k + 3 * quarter]
        write(k, quarter, (a + c) >> 1, (a - c) >> 1, (b + d) >> 1, (b - d) >> 1, shift: 1)
    }

    /// A later level: four numbers of one group, three of them turned.
    private func combine(_ group: Int, _ groups: Int, _ k: Int, _ shift: Int32) {
        let m = record.points
        let quarter = m / groups / 4
        let place = group * 4 * quarter + k
        // 1 more before the half counts 1/2, rounding the sums of shift 2.
        let a = (transform[place].raised(by: 2 * shift - 1)) >> 1
        var (b, c) = (transform[place + quarter], transform[place + 2 * quarter])
        var d = transform[place + 3 * quarter]
        if group == 0 {
            (b, c, d) = (b.half, c.half, d.half)
        } else {
            let twiddles = block.table(record.twiddlesOffset, of: Twiddle.self)
            b = b.halfProduct(twiddles[group])
            c = c.halfProduct(twiddles[m / 2 + 2 * group])
            d = d.halfProduct(twiddles[m / 2 + 2 * group + 1])
        }
        write(place, quarter, a + c, a - c, b + d, b - d, shift: shift - 1)
    }

    private func write(
        _ place: Int, _ quarter: Int, _ even: Complex, _ odd: Complex, _ sum: Complex,
        _ difference: Complex, shift: Int32
    ) {
        transform[place] = (even + sum) >> shift
        transform[place + quarter] = (even - sum) >> shift
        transform[place + 2 * quarter] = (odd - difference.timesI) >> shift
        transform[place + 3 * quarter] = (odd + difference.timesI) >> shift
    }

    /// Step 3: the spectrum of the real samples from the transform of their pairs. Returns how
    /// often it is halved.
    func split() -> Int32 {
        let m = record.points
        let twiddles = block.table(record.twiddlesOffset, of: Twiddle.self)
        let shift: Int32 = isSmall ? 0 : 1
        let first = transform[0]
        spectrum[0] = Complex(re: (first.re + first.im) >> shift, im: 0)
        spectrum[m] = Complex(re: (first.re - first.im) >> shift, im: 0)
        spectrum[m / 2] = (transform[1] >> shift).conjugate
        for k in 1..<m / 2 {
            let place = reversed(k)
            let z = transform[place]
            let mirrored = transform[reversed(m - k)].conjugate
            let p = ((z + mirrored) >> shift).half
            let t = ((z - mirrored) >> shift).halfProduct(twiddles[place / 2]).timesI
            spectrum[k] = p - t
            spectrum[m - k] = (p + t).conjugate
        }
        return shift
    }

    /// The number with the bits of `k < M` in the opposite order: where Z_k lies.
    private func reversed(_ k: Int) -> Int {
        var (rest, result) = (k, 0)
        for _ in 0..<record.points.trailingZeroBitCount {
            result = 2 * result + rest % 2
            rest /= 2
        }
        return result
    }
}
