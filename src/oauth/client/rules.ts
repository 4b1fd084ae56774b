// What a client may look like. Pure.
import { AppError, nameProblem, type Reserved, tidyName, type UserId } from "../../app/index.ts"
import { DETAIL_TYPES } from "../detail-types.ts"
import { isSigningAlg, SIGNING_ALGS } from "../keys/algs.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { isScope, parseScopes } from "../scopes.ts"
import type { Client, ClientFlow, ClientLinks, ClientType, OauthUser, Scope } from "../types.ts"
import { isPlainHost, redirectUriProblem } from "./redirect-uri.ts"

/** What the console is registered by; it is a client as any other, but for following whom the browser acts as. */
export const CONSOLE_KEY = "console"

/** The id that the world knows a client by: the address of its document where it has one. */
export const identifierOf = (client: Pick<Client, "publicId" | "documentUrl">): string =>
  client.documentUrl ?? client.publicId

/** It came by itself: no developer of this house answers for where it sends people (OAuth 2.1 §4.1.2.1). */
export const isOfNobody = ({ source }: Pick<Client, "source">): boolean =>
  source === "document" || source === "registration"

/** To everybody but its developer, while an admin has not let it in. @param wanted whether the operator wants reviews now */
export const isClosed = (client: Pick<Client, "review">, wanted: boolean): boolean =>
  client.review === "rejected" || (wanted && (client.review === "draft" || client.review === "waiting"))

/**
 * Whether somebody may sign in: a test user only to what its developer has in test mode, or a team that they build for.
 * @param builds whether somebody may act for the app's owner
 */
export const letsIn = (
  client: Pick<Client, "mode" | "ownerId">,
  { testOf }: Pick<OauthUser, "testOf">,
  builds: (userId: UserId, ownerId: UserId) => boolean,
): boolean => testOf == null || (client.mode === "test" && client.ownerId !== null && builds(testOf, client.ownerId))

/** Of a secret: the moment it ends counts as over. */
export const isOver = ({ expiresMs }: { expiresMs: number | null }, nowMs: number): boolean =>
  expiresMs !== null && nowMs >= expiresMs

export interface ClientForm extends ClientLinks, ClientFlow {
  type: ClientType
  name: string
  description?: string | null
  redirectUris: readonly string[]
  scopes: readonly string[]
}

/**
 * Checks and tidies what a developer, or an admin, typed.
 * @param isOwn of this very server: its addresses were checked as settings
 * @throws AppError validation_failed with a message per field
 */
export function checkClient(
  form: ClientForm,
  reserved: Reserved,
  isOwn = false,
): Omit<ClientForm, "scopes" | "description"> & { scopes: Scope[]; description: string | null } {
  const errors: Record<string, string> = {}
  const name = tidyName(form.name)
  // What the house makes may be named after it.
  const charsMax = OAUTH_LIMITS.clientNameCharsMax
  const problem = nameProblem(
    name,
    form.type === "first-party" ? { of: "thing", charsMax } : { of: "app", charsMax, ...reserved },
  )
  if (problem) errors.name = problem
  const redirectUris = tidyLines(form.redirectUris)
  if (redirectUris.length === 0 && !form.deviceFlow) errors.redirectUris = "Add at least one redirect URI."
  else if (!isOwn) note(errors, "redirectUris", urisProblem(redirectUris, form.type))
  const postLogoutUris = tidyLines(form.postLogoutUris)
  if (!isOwn) note(errors, "postLogoutUris", urisProblem(postLogoutUris, form.type))
  const unknown = form.scopes.filter((scope) => !isScope(scope))
  if (unknown.length > 0) errors.scopes = `There is no scope ${unknown.join(", ")}.`
  const links = {
    homepageUrl: form.homepageUrl?.trim() || null,
    policyUri: form.policyUri?.trim() || null,
    tosUri: form.tosUri?.trim() || null,
    supportUrl: form.supportUrl?.trim() || null,
  }
  const backchannelLogoutUri = form.backchannelLogoutUri?.trim() || null
  if (
    backchannelLogoutUri !== null &&
    (!isWebAddress(backchannelLogoutUri, false) || backchannelLogoutUri.includes("#"))
  )
    errors.backchannelLogoutUri = "Use an https address without #, such as https://app.example.com/signed-out."
  for (const [name, link] of Object.entries(links)) {
    // Where an app is tried on its developer's machine its homepage may be there too; what it promises is public.
    const fits = link === null || isOwn || isWebAddress(link, name === "homepageUrl")
    if (!fits) errors[name] = `Use an address such as https://app.example.com${EXAMPLES[name] ?? ""}.`
  }
  const description = form.description?.replace(/\s+/g, " ").trim() || null
  if (description !== null) note(errors, "description", descriptionProblem(description))
  const { idTokenAlg, dpopBound } = form
  if (!isSigningAlg(idTokenAlg)) errors.idTokenAlg = `Choose one of ${SIGNING_ALGS.join(", ")}.`
  const foreign = form.detailTypes?.find((type) => !(DETAIL_TYPES as readonly string[]).includes(type))
  if (foreign !== undefined) errors.detailTypes = `The types there are: ${DETAIL_TYPES.join(", ")}.`
  if (Object.keys(errors).length > 0) {
    throw new AppError("validation_failed", "Check the marked fields and save again.", { formErrors: errors })
  }
  // Signing in and staying signed in are open to every client; the rest is what the developer asked for.
  const scopes = parseScopes(["openid", "offline_access", ...form.scopes].join(" "))
  const { deviceFlow, requirePar, detailTypes } = form
  const flow = { deviceFlow, requirePar, detailTypes, postLogoutUris, backchannelLogoutUri, idTokenAlg, dpopBound }
  return { type: form.type, name, description, redirectUris, scopes, ...links, ...flow }
}

const tidyLines = (lines: readonly string[]): string[] => [
  ...new Set(lines.map((line) => line.trim()).filter((line) => line !== "")),
]

function note(errors: Record<string, string>, name: string, problem: string | null): void {
  if (problem !== null) errors[name] = problem
}

/** What is wrong with addresses that people are sent to, each on a line of its own; null = nothing. */
function urisProblem(uris: readonly string[], type: ClientType): string | null {
  if (uris.length > OAUTH_LIMITS.redirectUrisMax) return `At most ${OAUTH_LIMITS.redirectUrisMax} addresses.`
  const problems = uris.flatMap((uri) => {
    const problem = redirectUriProblem(uri, type)
    return problem ? [`${uri}: ${problem}`] : []
  })
  return problems.length > 0 ? problems.join("\n") : null
}

/** What may stand in a name may stand in a sentence, too: no controls, no marks that turn what follows around. */
const descriptionProblem = (text: string): string | null =>
  text.length > OAUTH_LIMITS.descriptionCharsMax
    ? `At most ${OAUTH_LIMITS.descriptionCharsMax} characters.`
    : /[\p{Cc}\p{Bidi_Control}]/u.test(text)
      ? "Use plain text: letters, figures and ordinary signs."
      : null

const EXAMPLES: Record<string, string> = { policyUri: "/privacy", tosUri: "/terms", supportUrl: "/help" }

function isWebAddress(text: string, mayBeLocal: boolean): boolean {
  if (text.length > OAUTH_LIMITS.redirectUriCharsMax || !URL.canParse(text)) return false
  const url = new URL(text)
  const isLocal = mayBeLocal && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)
  return (
    !url.username && isPlainHost(url.hostname) && (url.protocol === "https:" || (url.protocol === "http:" && isLocal))
  )
}
