// SPDX-License-Identifier: Apache-2.0
//
// Goal: what the documents say of the house holds: data flows one way, the reference knows neither
// passes nor emitter, the README's example is the one that the firmware tests compile, and every
// file says its licence.
// Method: reading the files.

import Foundation
import Testing

struct HouseTests {
    let checkout = Checkout()

    /// The order in which data flows; a module may import those before it.
    static let order = [
        "KWSNumerics", "KWSReference", "KeywordSpotter", "KWSFrontEnd", "KWSGraph", "KWSModelFile",
        "KWSPasses", "KWSEmit", "KWSCompile", "KWSEvaluate", "KWSReport", "KWSTrain",
        "KWSRecipe", "KWSMake", "kwsc",
    ]

    func imports(of module: String) throws -> Set<String> {
        var found: Set<String> = []
        for path in checkout.files(below: "Sources/\(module)", endings: [".swift"]) {
            for line in try checkout.text(path).split(separator: "\n") {
                let words = line.split(separator: " ")
                if let at = words.firstIndex(of: "import"), at <= 1, words.count > at + 1 {
                    found.insert(String(words[at + 1]))
                }
            }
        }
        return found
    }

    @Test(arguments: order)
    func arrowsPointBack(module: String) throws {
        let allowed = Self.order.prefix { $0 != module }
        for other in try imports(of: module) where Self.order.contains(other) {
            #expect(allowed.contains(other), "\(module) imports \(other)")
        }
    }

    @Test func theReferenceStandsAlone() throws {
        #expect(try imports(of: "KWSReference").filter { $0.hasPrefix("KWS") } == ["KWSNumerics"])
        #expect(try !imports(of: "KWSReference").contains("CKWS"))
        #expect(try imports(of: "KWSNumerics").isEmpty)
    }

    @Test func theReadmeShowsTheExampleThatIsCompiled() throws {
        let example = try checkout.text("Firmware/Examples/minimal.c")
        let code = example.drop { $0 != "#" }.trimmingCharacters(in: .newlines)
        #expect(try checkout.text("README.md").contains("```c\n\(code)\n```"))
    }

    @Test func everySourceNamesItsLicence() throws {
        let endings = [".swift", ".c", ".h", ".sh", ".cmake"]
        for folder in ["Include", "Sources", "Tests", "Firmware", "Toolchains"] {
            for path in checkout.files(below: folder, endings: endings)
            where !path.contains("/.build/") {
                let head = try checkout.text(path).prefix(200)
                #expect(head.contains("SPDX-License-Identifier: Apache-2.0"), "\(path)")
            }
        }
    }

    @Test func theTopLevelIsWhatItShouldBe() throws {
        let allowed: Set = [
            "Package.swift", "Sources", "Include", "Tests", "Firmware", "Toolchains", "README.md",
            "LICENSE",
        ]
        for name in try FileManager.default.contentsOfDirectory(atPath: checkout.root.path)
        where !name.hasPrefix(".") && !name.hasSuffix(".resolved") {
            #expect(allowed.contains(name), "\(name)")
        }
    }

    @Test func theVersionIsTheSameEverywhere() throws {
        let header = try checkout.text("Include/kws.h")
        func number(_ name: String) throws -> String {
            let line = try #require(
                header.split(separator: "\n").first { $0.hasPrefix("#define \(name) ") })
            return String(line.split(separator: " ")[2])
        }
        let version = try ["MAJOR", "MINOR", "PATCH"].map { try number("KWS_VERSION_\($0)") }
            .joined(separator: ".")
        #expect(try checkout.text("Sources/kwsc/ToolVersion.swift").contains("\"\(version)\""))
    }
}
