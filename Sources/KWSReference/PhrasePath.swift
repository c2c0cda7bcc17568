// SPDX-License-Identifier: Apache-2.0

/// The best choice of decisions for some of a phrase's words.
struct PhrasePath {
    /// Sum of the words' logarithms, Q10.
    var logarithm: Int32 = 0
    /// The decision of the first word whose logarithm is not 0, as an age: 0 is the newest.
    var age: Int32 = 0
}
