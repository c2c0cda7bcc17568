// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension ONNXImporter {
    /// `Gather` or `Slice` of one index along an axis.
    mutating func selection() throws(ModelFileError) -> ONNXActivation {
        let x = try input()
        let isGather = node.operation == "Gather"
        let axis: Int
        let index: Int
        var dims = x.dims
        if isGather {
            let indices = try constant(1)
            axis = try self.axis(integer("axis", 0), rank: dims.count)
            guard indices.numbers.count == 1 else {
                throw fail("\(indices.numbers.count) indices along axis \(axis)", "one index")
            }
            index = indices.integers[0]
            dims.replaceSubrange(axis...axis, with: indices.shape.map { _ in 1 })
        } else {
            let range = try slice(dims)
            guard let range else { return x }
            (axis, index) = range
            dims[axis] = 1
        }
        let extent = x.dims[axis]
        let position = index < 0 ? index + extent : index
        guard (0..<extent).contains(position) else {
            throw fail(.invalid, "index \(index)", "-\(extent) to \(extent - 1)")
        }
        guard extent > 1 else { return try reshaped(x, dims) }
        // Memory as [outer][extent][inner].
        let place = x.order.firstIndex(of: axis) ?? 0
        func product(_ axes: ArraySlice<Int>) -> Int { axes.map { x.dims[$0] }.reduce(1, *) }
        let id = try builder.selected(
            x.id, position, of: extent, outer: product(x.order[..<place]),
            inner: product(x.order[(place + 1)...]), name: node.name)
        var one = x.dims
        one[axis] = 1
        return try reshaped(ONNXActivation(id: id, dims: one, order: x.order), dims)
    }

    /// The axis and index of a slice; nil for one that takes all there is.
    private func slice(_ dims: [Int]) throws(ModelFileError) -> (axis: Int, index: Int)? {
        let (starts, ends) = (try constant(1).integers, try constant(2).integers)
        let axes = has(3) ? try constant(3).integers : Array(starts.indices)
        let steps = has(4) ? try constant(4).integers : starts.map { _ in 1 }
        guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count
        else { throw fail(.invalid, "starts \(starts), ends \(ends)", "as many of each") }
        var result: (axis: Int, index: Int)?
        for i in starts.indices {
            let axis = try axis(axes[i], rank: dims.count)
            let extent = dims[axis]
            func clamped(_ bound: Int) -> Int {
                min(max(bound < 0 ? bound + extent : bound, 0), extent)
            }
            let (from, to) = (clamped(starts[i]), clamped(ends[i]))
            if steps[i] == 1, from == 0, to == extent { continue }
            guard steps[i] == 1, to == from + 1, result == nil else {
                throw fail(
                    "a slice \(from)..<\(to) of \(extent), step \(steps[i])",
                    "one index along one axis")
            }
            result = (axis, from)
        }
        return result
    }
}
