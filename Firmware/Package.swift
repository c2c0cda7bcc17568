// swift-tools-version: 6.0
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// Built for a board only, through Toolchains/run, which names triple, toolset and linker script.
let package = Package(
    name: "Firmware",
    products: [
        .executable(name: "Parity", targets: ["Parity"]),
        .executable(name: "Spotter", targets: ["Spotter"]),
    ],
    dependencies: [
        .package(name: "libkws", path: "..")
    ],
    targets: [
        .target(
            name: "Board",
            cSettings: [
                .unsafeFlags([
                    "-std=c11", "-fno-builtin", "-Wall", "-Wextra", "-Wconversion", "-Wshadow",
                    "-Wmissing-prototypes", "-Werror",
                ])
            ]),
        .target(name: "Semihosting", dependencies: ["Board"]),
        .executableTarget(
            name: "Parity",
            dependencies: [
                "Board", "Semihosting", .product(name: "kws", package: "libkws"),
                .product(name: "KWSReference", package: "libkws"),
            ]),
        .target(
            name: "DemoModel", dependencies: [.product(name: "kws", package: "libkws")],
            cSettings: [.unsafeFlags(["-std=c11"])]),
        .executableTarget(
            name: "Spotter",
            dependencies: [
                "Board", "DemoModel", "Semihosting",
                .product(name: "kws", package: "libkws"),
                .product(name: "KWSReference", package: "libkws"),
                .product(name: "KeywordSpotter", package: "libkws"),
            ]),
    ]
)
