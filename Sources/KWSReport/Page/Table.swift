// SPDX-License-Identifier: Apache-2.0

/// A table of a page; numbers stand to the right.
struct Table {
    enum Column {
        case text(String)
        case number(String)
        /// A drawing as wide as there is room.
        case drawing(Markup)
    }

    private let columns: [Column]
    private var rows: [Markup] = []
    private var total: Markup?

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// - Requires: a cell for each column.
    mutating func add(_ cells: [Markup]) { rows.append(row(cells)) }

    /// The row behind all others.
    mutating func sum(_ cells: [Markup]) { total = row(cells) }

    private func row(_ cells: [Markup]) -> Markup {
        tag(
            "tr", [:],
            zip(columns, cells).enumerated().map { index, pair in
                switch pair.0 {
                case .text where index == 0: tag("th", ["scope": "row"], [pair.1])
                case .text: tag("td", [:], [pair.1])
                case .number: tag("td", ["class": "n"], [pair.1])
                case .drawing: tag("td", ["class": "d"], [pair.1])
                }
            })
    }

    var markup: Markup {
        let head = columns.map { column in
            switch column {
            case .text(let title): tag("th", ["scope": "col"], [.text(title)])
            case .number(let title): tag("th", ["scope": "col", "class": "n"], [.text(title)])
            case .drawing(let title): tag("th", ["scope": "col", "class": "d"], [title])
            }
        }
        var parts = [tag("thead", [:], [tag("tr", [:], head)]), tag("tbody", [:], rows)]
        if let total { parts.append(tag("tfoot", [:], [total])) }
        return tag("div", ["class": "wide"], [tag("table", [:], parts)])
    }
}
