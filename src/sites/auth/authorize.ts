// /authorize (GET and POST, RFC 6749 §3.1), and /logout by POST: where apps send people. What is asked of them is re-validated by the oauth domain.
import { Elysia } from "elysia"
import { AppError, LIMITS } from "../../app/index.ts"
import { readForm, seeOther } from "../../http/index.ts"
import { type AuthDeps, follow, networkOfRequest, stepOf } from "./site.ts"

/** What an issuer answers by a form (`response_mode=form_post`). */
const ANSWER = ["code", "state", "iss", "error", "error_description"]

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

  /** A form of another site comes without our cookies (SameSite=Lax), and nothing is done by it; the GET that it becomes has them. */
  const asGet = async (path: string, request: Request, known?: readonly string[]): Promise<Response> => {
    const { params } = await readForm(request)
    const kept = known ? known.flatMap((name) => params.getAll(name).map((value) => [name, value])) : params
    const location = `${path}?${new URLSearchParams(kept)}`
    if (web.origin.length + location.length <= LIMITS.urlBytesMax) return seeOther(location)
    throw new AppError(
      "invalid_request",
      "What was sent is too long to go on with. Tell the developer of the app, or go back and start again.",
    )
  }

  return new Elysia()
    .post(
      "/login/callback/:issuer",
      ({ request, params }) => asGet(`/login/callback/${encodeURIComponent(params.issuer)}`, request, ANSWER),
      { parse: "none" },
    )
    .get("/authorize", ({ request }) => begin(request))
    .post("/authorize", ({ request }) => asGet("/authorize", request), { parse: "none" })
    .post("/logout", ({ request }) => asGet("/logout", request), { parse: "none" })
}
