// /authorize (GET and POST, RFC 6749 §3.1) and the consent page. The form carries an opaque interaction id and the person's
// choices; everything else is re-validated by the oauth domain.
import { Elysia } from "elysia"
import { ConsentPage, type ConsentScope } from "../../../views/auth/consent.tsx"
import { AppError, LIMITS } from "../../app/index.ts"
import { type Form, readForm, seeOther } from "../../http/index.ts"
import type { AuthSession } from "../../identity/index.ts"
import type { ConsentView } from "../../oauth/index.ts"
import { dailyLimit, readLimits } from "./limit-fields.ts"
import { SCOPE_SENTENCES } from "./scope-words.ts"
import { type AuthDeps, authSession, follow, interactionOf, stepOf } from "./site.ts"

const NO_PARSE = { parse: "none" } as const

export function authorizeRoutes(deps: AuthDeps) {
  const { web, oauth } = deps

  const begin = async (request: Request): Promise<Response> => {
    const params = new URL(request.url).searchParams
    const outcome = await oauth.beginAuthorization({ params, ...stepOf(deps, request) })
    // The interaction is bound to this browser; one met for the first time must learn its id.
    const cookies = web.browserCookies(request)
    // No form of ours leads here, and hidden frames of apps do: a plain redirect.
    return outcome.kind === "redirect" ? seeOther(outcome.location, cookies) : follow(deps, request, outcome, cookies)
  }

  /** A form of another site comes without our cookies (SameSite=Lax); the GET that it becomes has them. */
  const asGet = async (request: Request): Promise<Response> => {
    const location = `/authorize?${(await readForm(request)).params}`
    if (web.origin.length + location.length <= LIMITS.urlBytesMax) return seeOther(location)
    throw new AppError("invalid_request", "The app sent a request that is too long. Tell its developer.")
  }

  const consent = async (
    request: Request,
    interaction: string,
    sent?: { form: Form; errors: Record<string, string> },
  ): Promise<Response> => {
    const outcome = await oauth.resumeAuthorization({ interaction, ...stepOf(deps, request) })
    const session = authSession(deps, request)
    if (outcome.kind !== "consent" || !session) return follow(deps, request, outcome)
    return consentPage(deps, request, session, outcome, sent)
  }

  return new Elysia()
    .get("/authorize", ({ request }) => begin(request))
    .post("/authorize", ({ request }) => asGet(request), NO_PARSE)
    .get("/authorize/consent", ({ request }) =>
      consent(request, requiredInteraction(new URL(request.url).searchParams.get("interaction"))),
    )
    .post(
      "/authorize/consent",
      async ({ request }) => {
        const form = await web.form(request)
        const interaction = requiredInteraction(form.get("interaction"))
        const approve = form.get("decision") === "approve"
        const { limits, errors } = readLimits(form, form.all("scope"))
        if (approve && Object.keys(errors).length > 0) return consent(request, interaction, { form, errors })
        const scopes = ["openid", ...form.all("scope")]
        const decision = { interaction, approve, scopes, limits, ...stepOf(deps, request) }
        return follow(deps, request, await oauth.decide(decision))
      },
      NO_PARSE,
    )
}

function consentPage(
  deps: AuthDeps,
  request: Request,
  session: AuthSession,
  { interaction, view }: { interaction: string; view: ConsentView },
  sent?: { form: Form; errors: Record<string, string> },
): Response {
  const { app } = view
  const each = deps.typicalChatNano()
  const scopes = view.scopes
    .filter(({ scope }) => scope !== "openid")
    .map(({ scope, limitNano, granted, declined }): ConsentScope => {
      return {
        scope,
        sentence: SCOPE_SENTENCES[scope],
        checked: sent ? sent.form.all("scope").includes(scope) : !declined,
        isNew: view.reason === "new_scopes" && !granted && !declined,
        limit: limitNano === null ? undefined : dailyLimit(scope, limitNano, each, sent?.form.get(`limit_${scope}`)),
      }
    })
  const client = {
    name: app.name,
    developerName: app.ownerId === null ? "this server" : deps.developerName(app.ownerId),
    verified: app.firstParty,
    returnHost: app.returnsTo,
    loopback: /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(app.returnsTo),
  }
  const again = view.reason === "new_scopes" ? "more" : view.reason === "expired" ? "old" : undefined
  return deps.web.page(
    request,
    undefined,
    (frame) => ConsentPage({ frame, interaction, client, email: session.email, scopes, again, errors: sent?.errors }),
    { status: sent ? 422 : 200 },
  )
}

function requiredInteraction(value: string | null): string {
  const interaction = interactionOf(value)
  if (interaction) return interaction
  throw new AppError("invalid_request", "This page opens from an app. Go back to the app and sign in from there.")
}
