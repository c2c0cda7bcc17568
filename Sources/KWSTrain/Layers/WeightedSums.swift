// SPDX-License-Identifier: Apache-2.0

/// Sums over the links of a window, channel by channel: the inner loops of depthwise convolution
/// and mean.
enum WeightedSums {
    /// `y[group][c] = start[c] + sum over links of x[pixel(link)][c] * w[row(link)][c]`.
    ///
    /// 32 channels at a time: their sums stay in registers, and a link is read once for all.
    @inline(__always)
    static func pixels(
        _ groups: Connections.Groups, channels: Int, start: UnsafePointer<Float>?,
        x: UnsafePointer<Float>, w: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
        pixel: (Connections.Link) -> Int32, row: (Connections.Link) -> Int32
    ) {
        groups.links.withUnsafeBufferPointer { links in
            for group in 0..<groups.starts.count &- 1 {
                let range = groups.starts[group]..<groups.starts[group &+ 1]
                let y = y + group &* channels
                var c = 0
                while c &+ 32 <= channels {
                    var sums = (Lanes(), Lanes(), Lanes(), Lanes())
                    if let start {
                        sums = (
                            start.lanes(c, 8), start.lanes(c &+ 8, 8), start.lanes(c &+ 16, 8),
                            start.lanes(c &+ 24, 8)
                        )
                    }
                    for i in range {
                        let x = x + (Int(pixel(links[i])) &* channels &+ c)
                        let w = w + (Int(row(links[i])) &* channels &+ c)
                        sums.0 += x.lanes(0, 8) * w.lanes(0, 8)
                        sums.1 += x.lanes(8, 8) * w.lanes(8, 8)
                        sums.2 += x.lanes(16, 8) * w.lanes(16, 8)
                        sums.3 += x.lanes(24, 8) * w.lanes(24, 8)
                    }
                    y.store(sums.0, c, 8)
                    y.store(sums.1, c &+ 8, 8)
                    y.store(sums.2, c &+ 16, 8)
                    y.store(sums.3, c &+ 24, 8)
                    c &+= 32
                }
                eachLanes(channels &- c) { first, n in
                    let c = c &+ first
                    var sum = start?.lanes(c, n) ?? Lanes()
                    for i in range {
                        sum +=
                            (x + Int(pixel(links[i])) &* channels).lanes(c, n)
                            * (w + Int(row(links[i])) &* channels).lanes(c, n)
                    }
                    y.store(sum, c, n)
                }
            }
        }
    }

    /// `dw[tap][c] = sum over links of x[input][c] * dy[output][c]`.
    ///
    /// Output pixel by output pixel, so that x and dy go through the first-level cache once; the
    /// sums of all taps stay there.
    static func taps(
        _ byOutput: Connections.Groups, channels: Int, taps: Int, x: UnsafePointer<Float>,
        dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>
    ) {
        dw.update(repeating: 0, count: taps &* channels)
        byOutput.links.withUnsafeBufferPointer { links in
            for pixel in 0..<byOutput.starts.count &- 1 {
                let range = byOutput.starts[pixel]..<byOutput.starts[pixel &+ 1]
                let dy = dy + pixel &* channels
                var c = 0
                while c &+ 32 <= channels {
                    let d = (
                        dy.lanes(c, 8), dy.lanes(c &+ 8, 8), dy.lanes(c &+ 16, 8),
                        dy.lanes(c &+ 24, 8)
                    )
                    for i in range {
                        let x = x + (Int(links[i].input) &* channels &+ c)
                        let dw = dw + (Int(links[i].tap) &* channels &+ c)
                        dw.store(dw.lanes(0, 8) + x.lanes(0, 8) * d.0, 0, 8)
                        dw.store(dw.lanes(8, 8) + x.lanes(8, 8) * d.1, 8, 8)
                        dw.store(dw.lanes(16, 8) + x.lanes(16, 8) * d.2, 16, 8)
                        dw.store(dw.lanes(24, 8) + x.lanes(24, 8) * d.3, 24, 8)
                    }
                    c &+= 32
                }
                eachLanes(channels &- c) { first, n in
                    let c = c &+ first
                    for i in range {
                        let x = (x + Int(links[i].input) &* channels).lanes(c, n)
                        let dw = dw + Int(links[i].tap) &* channels
                        dw.store(dw.lanes(c, n) + x * dy.lanes(c, n), c, n)
                    }
                }
            }
        }
    }
}
