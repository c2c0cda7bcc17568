// SPDX-License-Identifier: Apache-2.0

/// A report as one self-contained page: HTML that is XML, too, with inline drawings, without scripts
/// and without anything to load. A file in this folder for each section.
package struct ReportPage {
    let report: Report

    package init(_ report: Report) {
        self.report = report
    }

    package var text: String {
        let sections = [
            headline, steps, sizes, accuracy, layers, storage, sensitivity, histograms, memory,
        ]
        let page = tag(
            "html", ["xmlns": "http://www.w3.org/1999/xhtml", "lang": "en"],
            [
                tag(
                    "head", [:],
                    [
                        tag("meta", ["charset": "utf-8"]),
                        tag(
                            "meta",
                            [
                                "name": "viewport",
                                "content": "width=device-width, initial-scale=1",
                            ]),
                        tag("title", [:], ["\(report.model): compile report"]),
                        tag("style", [:], [.text(ReportPage.style)]),
                    ]),
                tag("body", [:], sections.compactMap(\.self)),
            ])
        return "<!DOCTYPE html>\n" + page.written
    }

    func section(_ title: String, _ note: String, _ parts: [Markup]) -> Markup {
        tag(
            "section", [:],
            [tag("h2", [:], [.text(title)]), tag("p", ["class": "note"], [.text(note)])] + parts)
    }

    /// Coloured squares and what they stand for.
    func legend(_ entries: [(style: String, name: String)]) -> Markup {
        tag(
            "p", ["class": "legend"],
            entries.flatMap { entry in
                [
                    tag("span", ["class": "key \(entry.style)"]),
                    tag("span", ["class": "name"], [.text(entry.name)]),
                ]
            })
    }

    /// Names and values, as many beside each other as there is room for.
    func facts(_ facts: [(name: String, value: String)]) -> Markup {
        tag(
            "dl", [:],
            facts.map { fact in
                tag(
                    "div", [:],
                    [tag("dt", [:], [.text(fact.name)]), tag("dd", [:], [.text(fact.value)])])
            })
    }
}
