// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A progress line on standard error, redrawn in place; silent when that is no terminal.
final class Progress: @unchecked Sendable {
    private let lock = NSLock()
    private let title: String
    private let total: Int
    private let started = DispatchTime.now()
    private var done = 0
    private var drawnAt: UInt64 = 0
    private let isShown = Console.errorIsTerminal

    init(_ title: String, total: Int) {
        self.title = title
        self.total = total
    }

    /// Counts finished work; safe from any thread.
    func advance(by count: Int = 1) {
        lock.withLock {
            done += count
            let now = DispatchTime.now().uptimeNanoseconds
            guard isShown, done == total || now - drawnAt > 100_000_000 else { return }
            drawnAt = now
            let seconds = Double(now - started.uptimeNanoseconds) / 1e9
            let left = seconds / Double(max(1, done)) * Double(total - done)
            let filled = total > 0 ? 30 * done / total : 30
            Console.error(
                "\r\(title) [" + String(repeating: "#", count: filled)
                    + String(repeating: ".", count: 30 - filled)
                    + "] \(done)/\(total), \(Int(left.rounded())) s left   "
                    + (done >= total ? "\n" : ""))
        }
    }
}
