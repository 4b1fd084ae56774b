// sdk.js as apps import it, from any origin: the newest, and each version at an address that means these bytes for ever.
import { ensure } from "../../app/index.ts"
import { SDK_FOLDER } from "../../http/index.ts"
import type { PublicDeps, PublicSite } from "./site.ts"

/** Apps of other origins load it, those that isolate themselves too. */
const HEADERS = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" }

export function sdkRoutes(site: PublicSite, { assets, sdk }: Pick<PublicDeps, "assets" | "sdk">): void {
  const send = (request: Request, version: string, file: string, isNamed: boolean): Response => {
    const answer = assets.open(request, `${SDK_FOLDER}${version}/${file}`, isNamed, HEADERS)
    ensure(answer, "not_found", "There is no such file of sdk.js.")
    return answer
  }
  for (const file of ["sdk.js", "sdk.js.map", "sdk.d.ts"] as const)
    site.open(`/${file}`, (request) => send(request, sdk.version, file, false))
  site.open("/sdk/:release/:sdkfile", (request, { release, sdkfile }) => send(request, release, sdkfile, true))
}
