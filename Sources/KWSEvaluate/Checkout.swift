// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The checkout of libkws that holds boards, firmware and toolchain files.
package enum Checkout {
    /// Looks above the current folder, then above this tool.
    ///
    /// - Throws: if neither lies in a checkout.
    package static func find() throws(EvaluationError) -> String {
        let tool = URL(fileURLWithPath: CommandLine.arguments.first ?? "")
            .resolvingSymlinksInPath()
        for start in [FileManager.default.currentDirectoryPath, tool.path] {
            var folder = URL(fileURLWithPath: start)
            while folder.path != "/" {
                let sign = folder.appendingPathComponent("Toolchains/insn-counter/cycles.tsv")
                if FileManager.default.fileExists(atPath: sign.path) { return folder.path }
                folder.deleteLastPathComponent()
            }
        }
        throw EvaluationError(
            .noSuchFile, "Toolchains/insn-counter",
            "no checkout of libkws above the current folder or this tool; boards and counter "
                + "are there")
    }
}
