// The version of Purser, from the one place that holds it.
import packageJson from "../../package.json"

export const VERSION: string = packageJson.version
