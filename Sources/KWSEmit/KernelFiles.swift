// SPDX-License-Identifier: Apache-2.0

package import KWSGraph
internal import KWSKernelSources

/// The part of the C library that a set of kernels of one variant needs, from the text that the tool
/// carries.
package struct KernelFiles {
    package struct File {
        package var name: String
        package var bytes: [UInt8]
    }

    /// Sorted by name.
    package let files: [File]

    package init(for kernels: [KernelID], of variant: KernelVariant) {
        let others = (KernelVariant.all.map(\.name) + [KernelVariant.wideThumb])
            .filter { !variant.sourceSuffixes.contains($0) }
        files = KernelFiles.all.filter { file in
            let users = KernelID.all.filter { $0.sourceFiles.contains(file.name) }
            let stem = file.name.prefix { $0 != "." }
            return file.name != "model_load.c"
                && (users.isEmpty || users.contains(where: kernels.contains))
                && !others.contains { stem.hasSuffix("_\($0)") }
        }
    }

    /// Every file of the library.
    package static var all: [File] {
        var count: UInt32 = 0
        guard let sources = kernel_sources(&count) else { return [] }
        return (0..<Int(count)).map { index in
            let source = sources[index]
            return File(
                name: String(cString: source.name),
                bytes: Array(UnsafeBufferPointer(start: source.text, count: Int(source.bytes))))
        }
    }
}

extension KernelVariant {
    /// Files of both variants for 32-bit Thumb instructions without vectors.
    fileprivate static let wideThumb = "t32"

    /// Of the files that it is built from, beside those that all share: cores with MVE have the DSP
    /// extension, too, and what its files include.
    fileprivate var sourceSuffixes: [String] {
        switch name {
        case KernelVariant.mve.name: [name, KernelVariant.dsp.name, KernelVariant.wideThumb]
        case KernelVariant.v7m.name, KernelVariant.dsp.name: [name, KernelVariant.wideThumb]
        default: [name]
        }
    }
}
