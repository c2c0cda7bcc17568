// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// Dark on white; the colours are those of Okabe and Ito (2008), which readers with any kind of
    /// colour vision tell apart, and of different lightness for print. Text is escaped when it is
    /// written, so no '>' and no '&' here.
    static let style = """

        :root { color-scheme: light; }
        body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: #fff; color: #1a1a1a;
          font: 16px/1.45 system-ui, sans-serif; overflow-wrap: break-word; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0; overflow-wrap: anywhere; }
        h2 { font-size: 1.25rem; margin: 2.2rem 0 .3rem; border-top: 2px solid #1a1a1a;
          padding-top: .5rem; }
        .note { margin: .2rem 0 .8rem; color: #444; max-width: 60rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .875rem; }
        th, td { padding: .25rem .6rem; text-align: left; vertical-align: middle;
          border-bottom: 1px solid #ddd; font-weight: normal; }
        thead th { font-weight: 600; vertical-align: bottom; border-bottom: 1px solid #1a1a1a; }
        tbody th { min-width: 6rem; }
        tfoot th, tfoot td { font-weight: 600; border-top: 1px solid #1a1a1a; }
        th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        th.d, td.d { min-width: 9rem; width: 25%; }
        th.d span { font-weight: normal; }
        .ends { display: flex; justify-content: space-between; font-weight: normal; }
        .legend { margin: .4rem 0; font-size: .875rem; }
        .key { display: inline-block; width: .9em; height: .9em; margin-right: .35em;
          vertical-align: -.1em; border: 1px solid #555; }
        .name { margin-right: 1.4em; }
        dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
          gap: .5rem 1.5rem; margin: .6rem 0; }
        dt { font-size: .8rem; color: #444; }
        dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .big dd { font-size: 1.15rem; font-weight: 600; }
        ol { padding-left: 1.3rem; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
          gap: 1rem; }
        figure { margin: 0; break-inside: avoid; }
        figure text { paint-order: stroke; stroke: #fff; stroke-width: 3px; }
        figcaption { font-size: .8rem; line-height: 1.3; overflow-wrap: anywhere; }
        figcaption b { display: block; }
        svg { display: block; max-width: 100%; }
        svg.bar { max-width: none; }
        svg text { font-size: 11px; fill: #1a1a1a; }
        .float { fill: #d9d9d9; background: #d9d9d9; }
        .weights { fill: #0072b2; background: #0072b2; }
        .channel { fill: #e69f00; background: #e69f00; }
        .zero { fill: #56b4e9; background: #56b4e9; }
        .grid { stroke: #999; stroke-width: 1; }
        .axis { stroke: #1a1a1a; stroke-width: 1; }
        .stems { stroke: #0072b2; fill: none; }
        .curve { stroke: #0072b2; stroke-width: 1.5; fill: none; }
        .whisker { stroke: #1a1a1a; stroke-width: 1.5; }
        .dot { fill: #0072b2; stroke: #fff; stroke-width: 1; }
        .ring { fill: none; stroke: #d55e00; stroke-width: 2; }
        @media print { body { font-size: 11px; } .wide { overflow: visible; }
          svg { min-width: 0 !important; } }

        """
}
