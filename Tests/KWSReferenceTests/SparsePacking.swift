// SPDX-License-Identifier: Apache-2.0

// SPEC.md section 4.3, as a test writes it down.

extension TestModel.Layer {
    /// Single weights, in runs of 255 entries at most.
    func gaps(_ weights: ArraySlice<Int>, columns: Int) -> [UInt8] {
        let most = weightBits == 8 ? 255 : 255 >> weightBits
        var bytes: [UInt8] = []
        for first in stride(from: weights.startIndex, to: weights.endIndex, by: columns) {
            var runs = [0]
            var table: [UInt8] = []
            func entry(_ gap: Int, _ weight: Int) {
                if runs[runs.count - 1] == 255 { runs.append(0) }
                runs[runs.count - 1] += 1
                table +=
                    weightBits == 8
                    ? [UInt8(gap), UInt8(truncatingIfNeeded: weight)]
                    : [UInt8(gap << weightBits | weight & ((1 << weightBits) - 1))]
            }
            var gap = 0
            for weight in weights[first..<first + columns] {
                guard weight != 0 else {
                    gap += 1
                    continue
                }
                for _ in 0..<gap / (most + 1) { entry(most, 0) }
                entry(gap % (most + 1), weight)
                gap = 0
            }
            if runs.last == 255 { runs.append(0) }
            let size = weightBits == 8 ? 2 : 1
            for run in runs {
                bytes += [UInt8(run)] + table.prefix(run * size)
                table.removeFirst(run * size)
            }
        }
        return bytes
    }

    /// Four outputs of a column, in windows of 255 columns.
    func blocks(columns: Int) -> [UInt8] {
        let outputs = weights.count / columns
        let offset = 1 << (weightBits - 1)
        var bytes: [UInt8] = []
        for o in stride(from: 0, to: outputs, by: 4) {
            func column(_ k: Int) -> [Int] {
                (o..<o + 4).map { $0 < outputs ? weights[$0 * columns + k] : 0 }
            }
            for first in stride(from: 0, to: columns, by: 255) {
                let kept = (first..<min(first + 255, columns))
                    .filter { column($0) != [0, 0, 0, 0] }
                bytes += [UInt8(kept.count)] + kept.map { UInt8($0 - first) }
                let values = kept.map { column($0).map { $0 + offset } }
                bytes += parts(values)
            }
        }
        return bytes
    }

    /// The values of blocks, four each.
    private func parts(_ values: [[Int]]) -> [UInt8] {
        /// The numbers one behind the other, so many bits each, the first one lowest.
        func byte(_ numbers: [Int], bits: Int) -> UInt8 {
            var sum = 0
            for number in numbers.reversed() { sum = sum << bits + number }
            return UInt8(sum)
        }
        switch weightBits {
        case 8:
            return (0..<4).flatMap { i in values.map { UInt8($0[i]) } }
        case 4:
            return values.map { byte([$0[0], $0[1]], bits: 4) }
                + values.map { byte([$0[2], $0[3]], bits: 4) }
        case 2:
            return values.map { byte($0, bits: 2) }
        default:
            var bytes = values.map { v in byte(v.map { $0 % 4 }, bits: 2) }
            for l in stride(from: 0, to: values.count, by: 2) {
                let next = l + 1 < values.count ? values[l + 1] : []
                bytes.append(byte((values[l] + next).map { $0 / 4 }, bits: 1))
            }
            return bytes
        }
    }
}
