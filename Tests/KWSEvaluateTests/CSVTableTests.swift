// SPDX-License-Identifier: Apache-2.0
//
// Goal: index files parse as RFC 4180 says, and broken ones are refused with their line. Method:
// tables small enough to read.

import KWSEvaluate
import Testing

@Suite struct CSVTableTests {
    func table(_ text: String) throws(EvaluationError) -> CSVTable {
        try CSVTable(Array(text.utf8), name: "t.csv")
    }

    func place(_ text: String) -> String? {
        do throws(EvaluationError) {
            _ = try table(text)
            return nil
        } catch {
            return error.place
        }
    }

    @Test func plainRows() throws {
        let t = try table("path,label\na,b\nc,\n")
        #expect(t.header == ["path", "label"])
        #expect(t.rows == [["a", "b"], ["c", ""]])
        #expect(t.lines == [2, 3])
        #expect(t.column("label") == 1 && t.column("x") == nil)
    }

    @Test func quotesLineEndsAndMarks() throws {
        #expect(
            try table("\u{FEFF}a,b\r\n\"x,\"\"y\"\"\",\"l1\nl2\"\r\n1,2").rows
                == [["x,\"y\"", "l1\nl2"], ["1", "2"]])
        #expect(try table("a,b\n\"x\ny\",1\n\n3,4\n").lines == [2, 5])
    }

    @Test func enemies() {
        #expect(place("") == "t.csv")
        #expect(place("a,b\n1,2\n3\n") == "t.csv:3")
        #expect(place("a,b\n1,2,3\n") == "t.csv:2")
        #expect(place("a,b\n\"1,2\n") == "t.csv:3")
        #expect(place("a,b\n1\"1,2\n") == "t.csv:2")
        #expect(place("a,b\n\"1\"1,2\n") == "t.csv:2")
        #expect(place("a,a\n1,2\n") == "t.csv:1")
        #expect(throws: EvaluationError.self) { try CSVTable([0x61, 0xFF, 0x0A], name: "t.csv") }
    }
}
