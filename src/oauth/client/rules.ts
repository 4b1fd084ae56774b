// What a client may look like. Pure.
import { AppError, nameProblem, tidyName } from "../../app/index.ts"
import { isSigningAlg, SIGNING_ALGS } from "../keys/algs.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { isScope, parseScopes } from "../scopes.ts"
import type { ClientLinks, ClientTokens, ClientType, Scope } from "../types.ts"
import { isPlainHost, redirectUriProblem } from "./redirect-uri.ts"

export interface ClientForm extends ClientLinks, ClientTokens {
  type: ClientType
  name: string
  redirectUris: readonly string[]
  scopes: readonly string[]
}

/**
 * Checks and tidies what a developer typed.
 * @throws AppError validation_failed with a message per field
 */
export function checkClient(form: ClientForm): Omit<ClientForm, "scopes"> & { scopes: Scope[] } {
  const errors: Record<string, string> = {}
  const name = tidyName(form.name)
  // The appliance's own client is named after it.
  const of = form.type === "first-party" ? "thing" : "app"
  const problem = nameProblem(name, { of, charsMax: OAUTH_LIMITS.clientNameCharsMax })
  if (problem) errors.name = problem
  const redirectUris = [...new Set(form.redirectUris.map((uri) => uri.trim()).filter(Boolean))]
  const problems = redirectUris.flatMap((uri) => {
    const problem = redirectUriProblem(uri, form.type)
    return problem ? [`${uri}: ${problem}`] : []
  })
  if (redirectUris.length === 0) errors.redirectUris = "Add at least one redirect URI."
  else if (redirectUris.length > OAUTH_LIMITS.redirectUrisMax) {
    errors.redirectUris = `At most ${OAUTH_LIMITS.redirectUrisMax} redirect URIs.`
  } else if (problems.length > 0) errors.redirectUris = problems.join("\n")
  const unknown = form.scopes.filter((scope) => !isScope(scope))
  if (unknown.length > 0) errors.scopes = `There is no scope ${unknown.join(", ")}.`
  const links = {
    homepageUrl: form.homepageUrl?.trim() || null,
    policyUri: form.policyUri?.trim() || null,
    tosUri: form.tosUri?.trim() || null,
  }
  for (const [name, link] of Object.entries(links)) {
    // Where an app is tried on its developer's machine its homepage may be there too; what it promises is public.
    const fits = link === null || isWebAddress(link, name === "homepageUrl")
    if (!fits) errors[name] = `Use an address such as https://app.example.com${EXAMPLES[name] ?? ""}.`
  }
  const { idTokenAlg, dpopBound } = form
  if (!isSigningAlg(idTokenAlg)) errors.idTokenAlg = `Choose one of ${SIGNING_ALGS.join(", ")}.`
  if (Object.keys(errors).length > 0) {
    throw new AppError("validation_failed", "Check the marked fields and save again.", { formErrors: errors })
  }
  // Signing in and staying signed in are open to every client; the rest is what the developer asked for.
  const scopes = parseScopes(["openid", "offline_access", ...form.scopes].join(" "))
  return { type: form.type, name, redirectUris, scopes, idTokenAlg, dpopBound, ...links }
}

const EXAMPLES: Record<string, string> = { policyUri: "/privacy", tosUri: "/terms" }

function isWebAddress(text: string, mayBeLocal: boolean): boolean {
  if (text.length > OAUTH_LIMITS.redirectUriCharsMax || !URL.canParse(text)) return false
  const url = new URL(text)
  const isLocal = mayBeLocal && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)
  return (
    !url.username && isPlainHost(url.hostname) && (url.protocol === "https:" || (url.protocol === "http:" && isLocal))
  )
}
