// The newest sdk.js among the assets, and the hash that browsers know it by.
import { createHash } from "node:crypto"
import { invariant } from "../app/index.ts"
import type { Assets } from "./static.ts"

export interface SdkRelease {
  version: string
  /** For `integrity` of script elements and import maps. */
  integrity: string
}

/** Below public/; a folder a version. */
export const SDK_FOLDER = "sdk/"
const VERSION = /^\d{1,4}\.\d{1,4}\.\d{1,4}$/

/** Read once at boot. */
export function sdkRelease(assets: Pick<Assets, "paths" | "bytes">): SdkRelease {
  const names = new Set(assets.paths(SDK_FOLDER).map((path) => path.split("/")[1]!))
  const version = [...names]
    .filter((one) => VERSION.test(one))
    .toSorted((a, b) => Bun.semver.order(a, b))
    .at(-1)
  const bytes = version === undefined ? null : assets.bytes(`${SDK_FOLDER}${version}/sdk.js`)
  invariant(version !== undefined && bytes, "there is no sdk.js")
  return { version, integrity: `sha384-${createHash("sha384").update(bytes).digest("base64")}` }
}
