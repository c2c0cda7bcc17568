// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Foundation

/// Spreads independent items over the cores; the result does not depend on their number.
package enum Parallel {
    /// Tells how many of all items are done; called from any thread, one call at a time.
    package typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

    /// Computes `body(i)` for every `i` of `0 ..< count`.
    ///
    /// - Throws: the error of the lowest item that failed, whichever came first.
    package static func map<T: Sendable>(
        _ count: Int, cores: Int? = nil, progress: Progress? = nil,
        _ body: @Sendable (Int) throws(EvaluationError) -> T
    ) throws(EvaluationError) -> [T] {
        let cores = max(1, min(count, cores ?? ProcessInfo.processInfo.activeProcessorCount))
        let results = Slots<T>(count, progress: progress)
        DispatchQueue.concurrentPerform(iterations: cores) { _ in
            while let index = results.take() {
                let result: Result<T, EvaluationError>
                do throws(EvaluationError) {
                    result = .success(try body(index))
                } catch {
                    result = .failure(error)
                }
                results.put(result, at: index)
            }
        }
        return try results.all()
    }
}

/// The items still to do and the results so far, behind one lock.
private final class Slots<T: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var next = 0
    private var done = 0
    private var results: [Result<T, EvaluationError>?]
    private let progress: Parallel.Progress?

    init(_ count: Int, progress: Parallel.Progress?) {
        results = Array(repeating: nil, count: count)
        self.progress = progress
    }

    /// The lowest item that nobody has taken; nil when all are taken or one has failed.
    func take() -> Int? {
        lock.withLock {
            guard next < results.count else { return nil }
            next += 1
            return next - 1
        }
    }

    func put(_ result: Result<T, EvaluationError>, at index: Int) {
        lock.withLock {
            results[index] = result
            done += 1
            // Items are taken in order, so everything below a failed one still finishes.
            if case .failure = result { next = results.count }
            progress?(done, results.count)
        }
    }

    func all() throws(EvaluationError) -> [T] {
        var values = [T]()
        values.reserveCapacity(results.count)
        for result in results {
            switch result {
            case .success(let value): values.append(value)
            case .failure(let error): throw error
            case nil: preconditionFailure("an item was left out before one that failed")
            }
        }
        return values
    }
}
