// SPDX-License-Identifier: Apache-2.0

extension TFLiteImporter {
    /// The `TensorType` numbers of schema.fbs that can be read.
    private static let types: [Int: NumberType] = [
        0: .float32, 1: .float16, 2: .int32, 3: .uint8, 4: .int64, 6: .bool, 7: .int16, 9: .int8,
        10: .float64,
    ]

    /// A constant tensor as floats: `scale * (q - zero point)` where it is quantised.
    func tensor(_ number: Int) throws(ModelFileError) -> WeightTensor {
        let tensor = model.tensors[number]
        func refuse(_ found: String, _ allowed: String) -> ModelFileError {
            ModelFileError(
                file: file, place: "tensor \(number) '\(tensor.name)'", found: found,
                allowed: allowed)
        }
        guard let type = Self.types[tensor.type] else {
            throw refuse(
                "tensor type \(tensor.type)",
                "float, float16, double, bool and integers of 8 to 64 bits")
        }
        guard let data = tensor.data, let count = ModelFileLimits.product(tensor.shape) else {
            throw refuse(
                "shape \(tensor.shape)", "\(ModelFileLimits.elements) numbers at most")
        }
        guard data.all.count == count * type.bytes else {
            throw refuse(
                "\(data.all.count) bytes", "\(count * type.bytes) for shape \(tensor.shape)")
        }
        var numbers = type.doubles(data.all)
        let scales = tensor.scales
        if !scales.isEmpty, type != .float32, type != .float16, type != .float64 {
            let axis = tensor.quantizedAxis
            let zeros = tensor.zeroPoints.isEmpty ? [0] : tensor.zeroPoints
            let isPerChannel = scales.count > 1
            guard scales.allSatisfy({ $0.isFinite && $0 >= 0 }),
                zeros.count == 1 || zeros.count == scales.count,
                !isPerChannel
                    || (tensor.shape.indices.contains(axis) && scales.count == tensor.shape[axis])
            else {
                throw refuse(
                    "\(scales.count) scales, \(zeros.count) zero points, axis \(axis)",
                    "finite scales, one or one for each index of the axis")
            }
            let inner =
                isPerChannel ? tensor.shape[(axis + 1)...].reduce(1, *) : max(1, numbers.count)
            for i in numbers.indices {
                let channel = isPerChannel ? i / inner % scales.count : 0
                let zero = Double(zeros.count == 1 ? zeros[0] : zeros[channel])
                numbers[i] = scales[channel] * (numbers[i] - zero)
            }
        }
        return try WeightTensor(
            name: tensor.name, shape: tensor.shape, numbers: numbers, file: file)
    }
}
