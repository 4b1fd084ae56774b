// /authorize (GET and POST, RFC 6749 §3.1), and /logout by POST: where apps send people. What is asked of them is re-validated by the oauth domain.
import { Elysia } from "elysia"
import { AppError, LIMITS } from "../../app/index.ts"
import { readForm, seeOther } from "../../http/index.ts"
import { type AuthDeps, follow, networkOfRequest, stepOf } from "./site.ts"

export function authorizeRoutes(deps: AuthDeps) {
  const { web, oauth } = deps

  const begin = async (request: Request): Promise<Response> => {
    const params = new URL(request.url).searchParams
    const network = networkOfRequest(request)
    const outcome = await oauth.beginAuthorization({ params, ...stepOf(deps, request), network })
    // The interaction is bound to this browser; one met for the first time must learn its id.
    const cookies = web.browserCookies(request)
    // No form of ours leads here, and hidden frames of apps do: a plain redirect.
    return outcome.kind === "redirect" ? seeOther(outcome.location, cookies) : follow(deps, request, outcome, cookies)
  }

  /** A form of another site comes without our cookies (SameSite=Lax); the GET that it becomes has them. */
  const asGet = async (path: "/authorize" | "/logout", request: Request): Promise<Response> => {
    const location = `${path}?${(await readForm(request)).params}`
    if (web.origin.length + location.length <= LIMITS.urlBytesMax) return seeOther(location)
    throw new AppError("invalid_request", "The app sent a request that is too long. Tell its developer.")
  }

  return new Elysia()
    .get("/authorize", ({ request }) => begin(request))
    .post("/authorize", ({ request }) => asGet("/authorize", request), { parse: "none" })
    .post("/logout", ({ request }) => asGet("/logout", request), { parse: "none" })
}
