// SPDX-License-Identifier: Apache-2.0

extension FrontEnd {
    /// Step 2: `F_count` of `z[0], z[step], z[2 step], ...`, by its definition; at most six calls
    /// deep, since 2048 = 2 * 4^5.
    func fourier(
        _ z: UnsafePointer<Complex>, step: Int, count: Int,
        into out: UnsafeMutablePointer<Complex>
    ) {
        if count == 1 {
            out[0] = z[0]
            return
        }
        if count == 2 {
            out[0] = z[0] + z[step]
            out[1] = z[0] - z[step]
            return
        }
        let quarter = count / 4
        for part in 0..<4 {
            fourier(z + part * step, step: 4 * step, count: quarter, into: out + part * quarter)
        }
        let twiddles = block.table(record.twiddlesOffset, of: Twiddle.self)
        for k in 0..<quarter {
            let a = out[k].half
            var (b, c, d) = (out[k + quarter], out[k + 2 * quarter], out[k + 3 * quarter])
            if k == 0 {
                (b, c, d) = (b.half, c.half, d.half)
            } else {
                // W_j of this level is entry j * step of the table, which is made for count = M.
                b = b.halfProduct(twiddles[k * step])
                c = c.halfProduct(twiddles[2 * k * step])
                d = d.halfProduct(twiddles[3 * k * step])
            }
            out[k] = (a + c) + (b + d)
            out[k + quarter] = (a - c) - (b - d).timesI
            out[k + 2 * quarter] = (a + c) - (b + d)
            out[k + 3 * quarter] = (a - c) + (b - d).timesI
        }
    }

    /// Step 3: the spectrum of the real samples from the transform of their pairs.
    func split() {
        let m = record.points
        let twiddles = block.table(record.twiddlesOffset, of: Twiddle.self) + 3 * m / 4
        let z = transform
        for k in 1..<(m / 2) {
            let mirrored = z[m - k].half.conjugate
            let p = z[k].half + mirrored
            let q = z[k].half - mirrored
            // -i times half the product of q and the twiddle.
            let t = q.halfProduct(twiddles[k]).timesI.negative
            spectrum[k] = p.half + t
            spectrum[m - k] = (p.half - t).conjugate
        }
        let first = z[0].half
        spectrum[0] = Complex(re: first.re &+ first.im, im: 0)
        spectrum[m] = Complex(re: first.re &- first.im, im: 0)
        spectrum[m / 2] = z[m / 2].half.conjugate
    }
}
