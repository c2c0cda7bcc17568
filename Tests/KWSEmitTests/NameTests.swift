// SPDX-License-Identifier: Apache-2.0
//
// Goal: no name of a model or label makes C that does not compile.
// Method: the names that the library itself uses, labels that look alike in ASCII.

import KWSEmit
import KWSTestModels
import Testing

struct NameTests {
    func tables(_ name: String, labels: [String]? = nil) throws -> CTables {
        var model = try TestModel.loudness().compiled
        model.graph.name = name
        if let labels {
            model.labels = labels
            model.detection?.keywords = labels.indices.map { .init(classIndex: $0, threshold: 1) }
        }
        return CTables(model, ModelBlock(model), toolVersion: "1")
    }

    @Test(arguments: ["model", "event", "init", "kernel", "status", "score_one"])
    func theLibrarysOwnNamesStayItsOwn(name: String) throws {
        #expect(try tables(name).identifier == name + "_net")
    }

    @Test(arguments: [("demo", "demo"), ("My Net-2", "my_net_2"), ("2nd", "m2nd"), ("ж", "_")])
    func otherNamesBecomeIdentifiers(name: String, identifier: String) throws {
        #expect(try tables(name).identifier == identifier)
    }

    @Test func keywordMacrosAreDistinct() throws {
        let header = try tables("net", labels: ["да", "на"]).header
        let macros = header.split(separator: "\n").filter { $0.contains("_KEYWORD_") }
            .map { $0.split(separator: " ")[1] }
        #expect(macros.count == 2 && Set(macros).count == 2)
        let alike = try tables("net", labels: ["a b", "a-b"]).header
        #expect(alike.contains("KEYWORD_A_B 0") && alike.contains("KEYWORD_A_B1 1"))
    }
}
