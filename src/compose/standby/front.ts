// The listener of a standby: probes are answered here, pages by the newest picture; before there is one, everything is told to come later.
import { AppError, assetFolder, type Config, createIds, ERRORS, type Log, systemClock } from "../../app/index.ts"
import { assetsOf, createHandler, type Handler, type HandlerDeps } from "../../http/index.ts"
import type { Follower } from "../../replica/index.ts"
import type { Picture } from "./picture.ts"
import { readOnly } from "./read-only.ts"

interface Deps {
  config: Config
  log: Log
  follower: Follower
  picture(): Picture | null
}

const NO_STORE = { "cache-control": "no-store" }
const WAIT_SECONDS = 5

export function createFront({ config, log, follower, picture }: Deps) {
  const refused = readOnly(config.baseUrl)
  const bare: HandlerDeps = {
    sites: [],
    assets: assetsOf(assetFolder("public")),
    ids: createIds(systemClock),
    log,
    secure: config.baseUrl.startsWith("https:"),
    errorPage: plainPage,
    shut: (request) => refused(request) ?? notYet(),
  }
  const early = createHandler(bare)
  const status = () => {
    const { first, cause } = follower
    const shown = picture()
    return {
      role: "standby",
      // A cause may name machines: that it is well is enough for anybody.
      standby: cause === null && shown ? "ok" : "bad",
      standby_lag_seconds: seconds(follower.lagMs),
      ...(shown ? { standby_as_of: new Date(shown.restored.lastMs).toISOString() } : {}),
      ...(first ? { first_silent_seconds: first.isReleased ? 0 : seconds(first.silentMs) } : {}),
    }
  }
  const ready = () =>
    Response.json({ status: "unavailable", reasons: ["standby"], ...status() }, { status: 503, headers: NO_STORE })
  const handle: Handler = async (request, server) => {
    const path = URL.canParse(request.url) ? new URL(request.url).pathname : ""
    if (path === "/livez") return Response.json({ status: "ok" }, { headers: NO_STORE })
    if (path === "/readyz" || path === "/up") return ready()
    return (picture()?.handle ?? early)(request, server)
  }
  return { bare, handle, status }
}

const seconds = (ms: number): number => Math.round(ms / 1_000)

const notYet = (): AppError =>
  new AppError("unavailable", "This server stands by and has not read the replica yet.", {
    retryAfterSeconds: WAIT_SECONDS,
  })

/** Without a picture there is no key for a page's cookies. */
const plainPage = (error: AppError): Response =>
  new Response(`${ERRORS[error.code].title}. ${error.message}\n`, {
    status: error.status,
    headers: { ...NO_STORE, "retry-after": String(error.extra.retryAfterSeconds ?? WAIT_SECONDS) },
  })
