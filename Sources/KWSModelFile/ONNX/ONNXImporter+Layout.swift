// SPDX-License-Identifier: Apache-2.0

internal import KWSGraph

extension ONNXImporter {
    mutating func append(
        _ operation: FloatOperator, _ inputs: ValueID...
    ) throws(ModelFileError) -> ValueID {
        try builder.append(operation, name: node.name, inputs: inputs)
    }

    /// The value under a shape of the same memory order.
    mutating func shaped(_ id: ValueID, _ shape: Shape) throws(ModelFileError) -> ValueID {
        guard builder.shape(of: id) != shape else { return id }
        return try builder.append(.reshape(shape), name: "\(node.name)/reshape", id)
    }

    /// The value with its axes in another memory order; a transpose only if that moves numbers.
    mutating func arranged(
        _ x: ONNXActivation, order: [Int]
    ) throws(ModelFileError) -> ONNXActivation {
        let (old, new) = (x.memory, x.memory(of: order))
        var result = x
        result.order = order
        guard old != new else { return result }
        guard old.count <= 3 else {
            throw fail("a transpose of \(old.count) axes (shape \(x.dims))", "three axes above 1")
        }
        let shaped = try shaped(x.id, Shape(old.map { x.dims[$0] }))
        let permutation = new.map { axis in old.firstIndex(of: axis) ?? 0 }
        result.id = try builder.append(
            .transpose(permutation), name: "\(node.name)/transpose", shaped)
        return result
    }

    /// The value with one axis as the last of its graph shape: `[rest][axis]`, or the image as it
    /// is.
    mutating func channelsLast(
        _ x: ONNXActivation, axis: Int
    ) throws(ModelFileError) -> ONNXActivation {
        var order = x.order.filter { $0 != axis }
        if x.dims.count >= 3, axis == 1, x.memory != x.memory(of: order + [axis]) {
            order = Array(x.dims.indices.filter { $0 != axis })
        }
        var result = try arranged(x, order: order + [axis])
        let shape = builder.shape(of: result.id)
        if shape.extents.last != x.dims[axis] {
            let rest = shape.elements / x.dims[axis]
            result.id = try shaped(result.id, [rest, 1, x.dims[axis]])
        }
        return result
    }

    /// An input of a window operator as an image `[height][width][channels]`.
    ///
    /// ONNX height becomes height unless the memory already holds the axes the other way round,
    /// or the height is 1: time is the height wherever that is free.
    ///
    /// - Returns: the activation, and whether ONNX width has become height.
    mutating func image(
        _ x: ONNXActivation
    ) throws(ModelFileError) -> (image: ONNXActivation, swapped: Bool) {
        guard (3...4).contains(x.dims.count), x.dims[0] == 1 else {
            throw fail("an input of shape \(x.dims)", "[1, channels, height, (width)]")
        }
        let c = x.dims[1]
        if x.dims.count == 3 {
            var result = try arranged(x, order: [0, 2, 1])
            result.id = try shaped(result.id, [x.dims[2], 1, c])
            return (result, false)
        }
        let (h, w) = (x.dims[2], x.dims[3])
        let swapped = x.memory(of: [0, 3, 2, 1])
        let swap =
            (h == 1 && w > 1)
            || (x.memory == swapped && x.memory != x.memory(of: [0, 2, 3, 1]))
        var result = try arranged(x, order: swap ? [0, 3, 2, 1] : [0, 2, 3, 1])
        result.id = try shaped(result.id, swap ? [w, h, c] : [h, w, c])
        return (result, swap)
    }

    /// The value with other ONNX axes over the same numbers in ONNX order.
    mutating func reshaped(
        _ x: ONNXActivation, _ dims: [Int]
    ) throws(ModelFileError) -> ONNXActivation {
        guard dims.count <= ModelFileLimits.rank, dims.allSatisfy({ $0 > 0 }),
            ModelFileLimits.product(dims) == ModelFileLimits.product(x.dims)
        else {
            throw fail(.invalid, "a reshape of \(x.dims) to \(dims)", "as many numbers as before")
        }
        let old = x.dims.indices.filter { x.dims[$0] > 1 }
        let new = dims.indices.filter { dims[$0] > 1 }
        if old.map({ x.dims[$0] }) == new.map({ dims[$0] }) {
            // Only axes of 1 come and go: the memory stays, whatever its order.
            let moved = Dictionary(uniqueKeysWithValues: zip(old, new))
            let order = dims.indices.filter { dims[$0] == 1 } + x.memory.compactMap { moved[$0] }
            return ONNXActivation(id: x.id, dims: dims, order: order)
        }
        let plain = try arranged(x, order: Array(x.dims.indices))
        return ONNXActivation(id: plain.id, dims: dims, order: Array(dims.indices))
    }
}
