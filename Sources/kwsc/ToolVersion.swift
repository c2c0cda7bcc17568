// SPDX-License-Identifier: Apache-2.0

/// The version of the tool, the same as KWS_VERSION_* of kws.h.
let toolVersion = "0.1.0"
