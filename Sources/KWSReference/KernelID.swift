// SPDX-License-Identifier: Apache-2.0

/// `kws_kernel_id`.
enum KernelID: Int {
    case convolution = 1
    case depthwise = 2
    case dense = 3
    case maxPool = 4
    case averagePool = 5
    case add = 6
    case place = 7
    case transpose = 8
    case softmax = 9
    case view = 10
    case pointwise = 11
}
