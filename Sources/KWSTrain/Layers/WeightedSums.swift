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

    /// `dw[tap][c] += sum over the tap's links of x[input][c] * dy[output][c]`.
    static func taps(
        _ groups: Connections.Groups, channels: Int, x: UnsafePointer<Float>,
        dy: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>
    ) {
        groups.links.withUnsafeBufferPointer { links in
            for tap in 0..<groups.starts.count &- 1 {
                let range = groups.starts[tap]..<groups.starts[tap &+ 1]
                let dw = dw + tap &* channels
                var c = 0
                while c &+ 32 <= channels {
                    var sums = (Lanes(), Lanes(), Lanes(), Lanes())
                    for i in range {
                        let x = x + (Int(links[i].input) &* channels &+ c)
                        let dy = dy + (Int(links[i].output) &* channels &+ c)
                        sums.0 += x.lanes(0, 8) * dy.lanes(0, 8)
                        sums.1 += x.lanes(8, 8) * dy.lanes(8, 8)
                        sums.2 += x.lanes(16, 8) * dy.lanes(16, 8)
                        sums.3 += x.lanes(24, 8) * dy.lanes(24, 8)
                    }
                    dw.store(dw.lanes(c, 8) + sums.0, c, 8)
                    dw.store(dw.lanes(c &+ 8, 8) + sums.1, c &+ 8, 8)
                    dw.store(dw.lanes(c &+ 16, 8) + sums.2, c &+ 16, 8)
                    dw.store(dw.lanes(c &+ 24, 8) + sums.3, c &+ 24, 8)
                    c &+= 32
                }
                eachLanes(channels &- c) { first, n in
                    let c = c &+ first
                    var sum = Lanes()
                    for i in range {
                        sum +=
                            (x + Int(links[i].input) &* channels).lanes(c, n)
                            * (dy + Int(links[i].output) &* channels).lanes(c, n)
                    }
                    dw.store(dw.lanes(c, n) + sum, c, n)
                }
            }
        }
    }
}
