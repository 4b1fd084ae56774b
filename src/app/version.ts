// Which version this is: the package's, which the executable carries.
import packageJson from "../../package.json"

export const VERSION: string = packageJson.version
