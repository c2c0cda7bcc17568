// SPDX-License-Identifier: Apache-2.0

/// A table for people: columns as wide as their widest cell, numbers to the right.
package struct TextTable {
    private var rows: [[String]]

    package init(_ header: [String]) {
        rows = [header]
    }

    package mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    package var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        var text = ""
        for row in rows {
            let cells = row.enumerated().map { column, cell in
                let fill = String(repeating: " ", count: widths[column] - cell.count)
                return cell.first?.isNumber == true ? fill + cell : cell + fill
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
        return text
    }
}
