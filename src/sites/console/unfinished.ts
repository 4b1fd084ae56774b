// /unfinished: after signing in again, the form that was sent when the session was over. Whoever left nothing there goes to the dashboard.
import { contextOf, Form, formOwner, seeOther, setContext } from "../../http/index.ts"
import { UNFINISHED_PATH } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

const NOTHING_LEFT = "There is nothing to finish here. What was typed is kept for 15 minutes, once, for who typed it."
const UNREADABLE =
  "You are signed in again. What you typed could not be kept, because the server’s key was changed meanwhile. Type it once more."

export function unfinishedRoutes(site: ConsoleSite, { web }: Pick<ConsoleDeps, "web">): void {
  site.get(UNFINISHED_PATH, async ({ request, user }) => {
    const query = new URL(request.url).searchParams
    const at = query.get("at") ?? ""
    const there = originOfForm(web, request, at)
    if (there !== null) return seeOther(`${there}${UNFINISHED_PATH}?${query}`)
    const after = query.get("after") === "confirm" ? "confirm" : "sign-in"
    const taken = web.kept.takeForm(request, at, formOwner(user) ?? "")
    if (taken && !taken.form) return web.back(request, "/dashboard", { kind: "info", text: UNREADABLE }, [taken.forget])
    const form = taken?.form
    const resume = form && web.resumes.get(form.pattern)
    if (!resume) return web.back(request, "/dashboard", { kind: "info", text: NOTHING_LEFT })
    const fields = new URLSearchParams(form.fields.map(([name, value]) => [name, value]))
    const answer = await resume(asSent(request, form.path), form.params, new Form(fields), after)
    answer.headers.append("set-cookie", taken.forget)
    return answer
  })
}

/** What was typed waits in a cookie of the form's own origin: that one, where it is another of ours than this. */
function originOfForm({ origins }: Pick<ConsoleDeps["web"], "origins">, request: Request, at: string): string | null {
  if (!/^\/[^/\\]/.test(at) || !URL.canParse(at, request.url)) return null
  const form = new URL(at, request.url)
  try {
    const moved = origins.misplaced(new Request(form), form.pathname)?.headers.get("location")
    return moved ? new URL(moved).origin : null
  } catch {
    // An address of programs: no form of ours.
    return null
  }
}

/** The request that was sent, as far as pages look at it: its address, and that it was no GET. */
function asSent(request: Request, path: string): Request {
  const again = new Request(new URL(path, request.url), { method: "POST", headers: request.headers })
  setContext(again, contextOf(request))
  return again
}
