// SPDX-License-Identifier: Apache-2.0

import Board
import CKWS
import Semihosting

@main
struct Parity {
    static func main() {
        Semihosting.print("hello\n")
        if kws_abi_version() == 1 { Semihosting.print("libkws\n") }
        Semihosting.exit(0)
    }
}
