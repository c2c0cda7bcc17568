// SPDX-License-Identifier: Apache-2.0

internal import KWSFrontEnd

extension DescriptionFile {
    /// A preset's name, or an object with the fields of a front end.
    static func frontEnd(
        _ field: JSONField
    ) throws(ModelFileError) -> (FrontEndDefinition?, String?) {
        guard case .string(let name) = field.value.content else {
            return (try definition(field), nil)
        }
        do {
            return (try FrontEndDefinition.preset(name), name)
        } catch {
            throw field.error(error.allowed)
        }
    }
}
