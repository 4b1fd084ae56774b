// sdk.js as apps import it, from any origin: the newest, and each version at an address that means these bytes for ever.
import { createHash } from "node:crypto"
import { ensure, invariant } from "../../app/index.ts"
import type { Assets } from "../../http/index.ts"
import type { PublicDeps, PublicSite } from "./site.ts"

export interface SdkRelease {
  version: string
  /** For `integrity` of script elements and import maps. */
  integrity: string
}

const FOLDER = "sdk/"
const VERSION = /^\d{1,4}\.\d{1,4}\.\d{1,4}$/
/** Apps of other origins load it, those that isolate themselves too. */
const HEADERS = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" }

/** The newest one, read once at boot. */
export function sdkRelease(assets: Pick<Assets, "paths" | "bytes">): SdkRelease {
  const versions = [...new Set(assets.paths(FOLDER).map((path) => path.split("/")[1]!))].filter((one) =>
    VERSION.test(one),
  )
  const version = versions.toSorted((a, b) => Bun.semver.order(a, b)).at(-1)
  const bytes = version === undefined ? null : assets.bytes(`${FOLDER}${version}/sdk.js`)
  invariant(version !== undefined && bytes, "there is no sdk.js")
  return { version, integrity: `sha384-${createHash("sha384").update(bytes).digest("base64")}` }
}

export function sdkRoutes(site: PublicSite, { assets, sdk }: Pick<PublicDeps, "assets" | "sdk">): void {
  const send = (request: Request, version: string, file: string, isNamed: boolean): Response => {
    const answer = assets.open(request, `${FOLDER}${version}/${file}`, isNamed, HEADERS)
    ensure(answer, "not_found", "There is no such file of sdk.js.")
    return answer
  }
  for (const file of ["sdk.js", "sdk.js.map", "sdk.d.ts"] as const)
    site.open(`/${file}`, (request) => send(request, sdk.version, file, false))
  site.open("/sdk/:release/:sdkfile", (request, { release, sdkfile }) => send(request, release, sdkfile, true))
}
