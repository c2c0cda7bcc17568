// SPDX-License-Identifier: Apache-2.0

internal import KWSKernelSources

/// The part of the C library that a set of kernels needs, from the text that the tool carries.
package struct KernelFiles {
    package struct File {
        package var name: String
        package var bytes: [UInt8]
    }

    /// Sorted by name.
    package let files: [File]

    package init(for kernels: [KernelID]) {
        files = KernelFiles.all.filter { file in
            let users = KernelID.all.filter { $0.sourceFiles.contains(file.name) }
            return file.name != "model_load.c"
                && (users.isEmpty || users.contains(where: kernels.contains))
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
