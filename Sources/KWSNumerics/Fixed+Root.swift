// SPDX-License-Identifier: Apache-2.0

extension Fixed {
    /// Returns about `31/16 sqrt(u)`, at least 1, by 192 steps of a root (SPEC.md 5, step 4).
    ///
    /// - Requires: `u < 2^29`.
    public static func root(_ u: UInt32) -> UInt32 {
        let n = UInt32(truncatingIfNeeded: (u | 1).leadingZeroBitCount / 2)
        // Two leading zeros at most are left, so the first byte is 64 at least.
        let byte = ((u | 1) << (2 * n)) >> 24
        return rootEntry(byte) >> (n - 1)
    }

    /// `round(3968 sqrt(i + 1/2))`: the largest `r` with `r^2 - r < 3968^2 (i + 1/2)`, since
    /// `(r - 1/2)^2` has to be smaller and all else is a whole number.
    ///
    /// - Requires: `i < 256`.
    package static func rootEntry(_ i: UInt32) -> UInt32 {
        let square = 1984 * 3968 * (2 * i + 1)
        var root: UInt32 = 0
        var bit: UInt32 = 1 << 15
        while bit != 0 {
            // root + bit < 2^16, so its square fits 32 bits.
            let longer = root + bit
            if longer * (longer - 1) < square { root = longer }
            bit >>= 1
        }
        return root
    }
}
