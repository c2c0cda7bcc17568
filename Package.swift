// swift-tools-version: 6.0
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Host modules: explicit imports only, and no class of implicit visibility.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// Targets in the order in which data flows through them; arrows only forward.
let package = Package(
    name: "libkws",
    platforms: [.macOS(.v14)],
    products: [
        .library(name: "kws", type: .static, targets: ["CKWS"]),
        .library(name: "KeywordSpotter", targets: ["KeywordSpotter"]),
        .library(name: "KWSReference", type: .static, targets: ["KWSReference", "KWSNumerics"]),
        .executable(name: "kwsc", targets: ["kwsc"]),
    ],
    targets: [
        // The library: C, freestanding.
        .target(
            name: "CKWS", path: ".", sources: ["Sources/CKWS"], publicHeadersPath: "Include",
            cSettings: [
                .unsafeFlags([
                    "-std=c11", "-ffreestanding", "-Wall", "-Wextra", "-Wconversion", "-Wshadow",
                    "-Wmissing-prototypes", "-Werror",
                ])
            ]),

        // Swift that also runs on the device: no heap, no Foundation.
        .target(name: "KWSNumerics", swiftSettings: strict),
        .target(name: "KWSReference", dependencies: ["KWSNumerics"], swiftSettings: strict),
        .target(name: "KeywordSpotter", dependencies: ["CKWS"], swiftSettings: strict),

        // The compiler.
        .target(name: "KWSFrontEnd", swiftSettings: strict),
        .target(name: "KWSGraph", swiftSettings: strict),
        .target(
            name: "CModelDescriptions", exclude: ["descriptions"],
            cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
        .target(
            name: "KWSModelFile",
            dependencies: ["CModelDescriptions", "KWSFrontEnd", "KWSGraph", "KWSNumerics"],
            swiftSettings: strict),
        .target(
            name: "KWSPasses", dependencies: ["KWSGraph", "KWSNumerics"], swiftSettings: strict),
        .target(
            name: "KWSEmit",
            dependencies: ["KWSGraph", "KWSFrontEnd", "KWSNumerics", "KWSKernelSources"],
            swiftSettings: strict),

        // The text of Include/ and Sources/CKWS/, for `kwsc compile` outside a checkout.
        .target(name: "KWSKernelSources", cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),

        .target(
            name: "KWSCompile",
            dependencies: [
                "KWSModelFile", "KWSGraph", "KWSFrontEnd", "KWSPasses", "KWSEmit",
            ],
            swiftSettings: strict),
        // Measuring, and the tool.
        .systemLibrary(
            name: "CSndFile", path: "Sources/CSndFile", pkgConfig: "sndfile",
            providers: [.apt(["libsndfile1-dev"]), .brew(["libsndfile"])]),
        .systemLibrary(
            name: "CSampleRate", path: "Sources/CSampleRate", pkgConfig: "samplerate",
            providers: [.apt(["libsamplerate0-dev"]), .brew(["libsamplerate"])]),
        .target(
            name: "KWSEvaluate",
            dependencies: [
                "CKWS", "CSampleRate", "CSndFile", "KWSGraph", "KWSFrontEnd", "KWSReference",
                "KWSNumerics",
                "KeywordSpotter",
            ],
            swiftSettings: strict),
        // What a compile tells: a page and JSON.
        .target(
            name: "KWSReport",
            dependencies: [
                "KWSCompile", "KWSEmit", "KWSEvaluate", "KWSFrontEnd", "KWSGraph", "KWSModelFile",
                "KWSPasses",
            ],
            swiftSettings: strict),
        // Training.
        .systemLibrary(
            name: "COpenBLAS", path: "Sources/COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
        .target(
            name: "KWSTrain",
            dependencies: ["COpenBLAS", "KWSGraph", "KWSModelFile", "KWSNumerics", "KWSPasses"],
            swiftSettings: strict),
        .target(
            name: "KWSRecipe",
            dependencies: [
                "KWSCompile", "KWSEvaluate", "KWSFrontEnd", "KWSGraph", "KWSModelFile",
                "KWSNumerics", "KWSPasses", "KWSTrain",
            ],
            swiftSettings: strict),
        .target(
            name: "KWSMake",
            dependencies: [
                "KWSCompile", "KWSEmit", "KWSEvaluate", "KWSFrontEnd", "KWSGraph", "KWSModelFile",
                "KWSNumerics", "KWSRecipe",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "kwsc",
            dependencies: [
                "KWSMake", "KWSRecipe", "KWSTrain",
                "KWSCompile", "KWSModelFile", "KWSGraph", "KWSFrontEnd", "KWSPasses", "KWSEmit",
                "KWSEvaluate", "KWSReport",
                "KWSReference", "KWSNumerics", "KeywordSpotter",
            ],
            swiftSettings: strict),

        // Tests.
        .testTarget(
            name: "KWSMakeTests",
            dependencies: ["KWSEvaluate", "KWSFrontEnd", "KWSMake", "KWSModelFile"],
            swiftSettings: strict),
        .testTarget(
            name: "KWSEvaluateTests",
            dependencies: [
                "KWSEvaluate", "KWSFrontEnd", "KWSGraph", "KWSModelFile", "KWSNumerics",
                "KWSTestModels",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "KeywordSpotterTests", dependencies: ["CKWS", "KWSTestModels", "KeywordSpotter"],
            swiftSettings: strict),
        .testTarget(
            name: "ParityTests", dependencies: ["KWSEvaluate", "KWSTestModels"],
            swiftSettings: strict),
        // Small models and sounds that several test targets share.
        .target(
            name: "KWSTestModels",
            dependencies: [
                "KWSCompile", "KWSEmit", "KWSFrontEnd", "KWSGraph", "KWSNumerics", "KWSPasses",
            ],
            path: "Tests/TestModels", swiftSettings: strict),
        .testTarget(
            name: "KWSTrainTests",
            dependencies: ["KWSGraph", "KWSModelFile", "KWSNumerics", "KWSTestModels", "KWSTrain"],
            exclude: ["throughput.py"], swiftSettings: strict),
        // Prints how fast a network trains; `Tests/KWSTrainTests/throughput.py` compares.
        .executableTarget(
            name: "TrainingSpeed", dependencies: ["KWSGraph", "KWSNumerics", "KWSTrain"],
            path: "Tests/TrainingSpeed", swiftSettings: strict),
        .testTarget(
            name: "KWSNumericsTests", dependencies: ["KWSNumerics"], swiftSettings: strict),
        .testTarget(
            name: "KWSReferenceTests", dependencies: ["CKWS", "KWSNumerics", "KWSReference"],
            swiftSettings: strict),
        .testTarget(
            name: "KWSModelFileTests",
            dependencies: [
                "KWSFrontEnd", "KWSGraph", "KWSModelFile", "KWSPasses", "KWSTestModels",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "KWSFrontEndTests", dependencies: ["KWSFrontEnd"], swiftSettings: strict),
        .testTarget(
            name: "KWSRecipeTests",
            dependencies: [
                "KWSCompile", "KWSEmit", "KWSEvaluate", "KWSGraph", "KWSModelFile", "KWSNumerics",
                "KWSPasses", "KWSRecipe", "KWSTrain",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "KWSReportTests",
            dependencies: [
                "KWSCompile", "KWSEmit", "KWSEvaluate", "KWSGraph", "KWSModelFile", "KWSNumerics",
                "KWSPasses", "KWSReport",
            ],
            swiftSettings: strict),
        // What the documents say of the house.
        .testTarget(name: "HouseTests"),
        .testTarget(
            name: "KWSCompileTests",
            dependencies: [
                "KWSCompile", "KWSEmit", "KWSEvaluate", "KWSGraph", "KWSModelFile", "KWSNumerics",
                "KWSPasses", "KWSReference", "KWSTestModels", "KWSTrain", "KeywordSpotter",
            ]),
        .testTarget(name: "KWSEmitTests", dependencies: ["CKWS", "KWSEmit", "KWSTestModels"]),
        .testTarget(
            name: "KWSPassesTests", dependencies: ["KWSGraph", "KWSPasses", "KWSTestModels"]),
    ]
)
