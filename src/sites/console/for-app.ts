// People whom an app sent for credits: where they came from is kept for an hour in their browser, and the way back stands on the pages
// of credits. Only a registered address of that app can be gone back to; it is asked for each time.
import { ensure } from "../../app/index.ts"
import { seeOther } from "../../http/index.ts"
import { redirectUriAllowed } from "../../oauth/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "web" | "oauth">

const KEPT_SECONDS = 3_600
/** What an app knows its window by. */
const STATE = /^[\w.~-]{1,200}$/
const CHARS_MAX = 3_000
const BACK_PATH = "/credits/back"

interface Origin {
  app: string
  /** Its registered address, with the state. */
  location: string
}

export function forAppRoutes(site: ConsoleSite, deps: Deps): void {
  const { cookies } = deps.web
  site.get("/credits/for-app", ({ request }) => {
    const asked = new URL(request.url).search.slice(1)
    ensure(
      originOf(deps, asked),
      "not_found",
      "The app did not say who it is and where to return to. Tell its developer.",
    )
    return seeOther("/credits", [cookies.set("return", asked, KEPT_SECONDS)])
  })
  site.get(BACK_PATH, ({ request }) => {
    const origin = originOf(deps, cookies.read(request, "return"))
    return seeOther(origin?.location ?? "/credits", [cookies.clear("return")])
  })
}

/** The name of the app that this browser came from for credits. */
export const cameFrom = (deps: Deps, { request }: Pick<PageRequest, "request">): string | undefined =>
  originOf(deps, deps.web.cookies.read(request, "return"))?.app

function originOf({ oauth }: Deps, asked: string | null): Origin | null {
  if (asked === null || asked.length > CHARS_MAX) return null
  const query = new URLSearchParams(asked)
  const [redirectUri, state] = [query.get("redirect_uri") ?? "", query.get("state") ?? ""]
  const client = oauth.clientByPublicId(query.get("client_id") ?? "")
  if (!client || client.suspendedMs !== null || !redirectUriAllowed(redirectUri, client.redirectUris)) return null
  if (!STATE.test(state) || !URL.canParse(redirectUri)) return null
  const location = new URL(redirectUri)
  location.searchParams.set("state", state)
  return { app: client.name, location: location.href }
}
