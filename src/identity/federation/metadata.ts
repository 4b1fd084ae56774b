// What issuers say of themselves: their discovery documents, by safe-safeFetch alone, kept for a while so that a sign-in neither waits
// for one nor fails because it is not to be had right now. And the client that speaks to an issuer for one round trip: its keys are read
// anew each time, so that an issuer that changes its keys between two sign-ins is believed at once.
import type { Configuration, ServerMetadata } from "openid-client"
import { AppError, type Clock } from "../../app/index.ts"
import { type SafeFetch, SafeFetchError } from "../../http/index.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"
import { isEndpoint, isManyTenants, isSameButSlash, MANY_TENANTS_NAME } from "./rules.ts"

/** Loaded with the first sign-in of a process: few houses have an issuer, and a start should not pay for it. */
export const library = () => import("openid-client")

export interface Metadata {
  /** Now, whatever is kept. @throws AppError unavailable, with words for an admin */
  read(issuer: string): Promise<ServerMetadata>
  /** As it is kept, or read. @throws AppError unavailable */
  of(issuer: string): Promise<ServerMetadata>
  /** A client of one round trip. @throws AppError unavailable */
  client(known: { issuer: string; clientId: string; clientSecret: string | null }): Promise<Configuration>
}

interface Kept {
  document: ServerMetadata | null
  readMs: number
  failedMs: number
  error: unknown
}

export function createMetadata({ clock, safeFetch }: { clock: Clock; safeFetch: SafeFetch }): Metadata {
  const kept = new Map<string, Kept>()
  const reading = new Map<string, Promise<ServerMetadata>>()

  async function read(issuer: string): Promise<ServerMetadata> {
    const asked = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`
    const document = await jsonOf(safeFetch, asked)
    const problem = documentProblem(document, issuer)
    if (problem) throw new AppError("unavailable", problem)
    return document as unknown as ServerMetadata
  }

  /** Of several who come at once, one asks. */
  function refreshed(issuer: string): Promise<ServerMetadata> {
    const before = reading.get(issuer)
    if (before) return before
    const nowMs = clock.now()
    const asking = read(issuer).then(
      (document) => {
        kept.set(issuer, { document, readMs: nowMs, failedMs: 0, error: null })
        return document
      },
      (error: unknown) => {
        const { document = null, readMs = 0 } = kept.get(issuer) ?? {}
        kept.set(issuer, { document, readMs, failedMs: nowMs, error })
        throw error
      },
    )
    reading.set(issuer, asking)
    const done = () => void reading.delete(issuer)
    asking.then(done, done)
    return asking
  }

  async function of(issuer: string): Promise<ServerMetadata> {
    const known = kept.get(issuer)
    const nowMs = clock.now()
    const document = known?.document && nowMs - known.readMs < L.metadataStaleMs ? known.document : null
    if (document && nowMs - known!.readMs < L.metadataFreshMs) return document
    if (known && nowMs - known.failedMs < L.metadataAgainMs) {
      if (document) return document
      throw known.error
    }
    return refreshed(issuer).catch((error: unknown) => {
      if (document) return document
      throw error
    })
  }

  return {
    read,
    of,
    client: async (known) => clientOf(safeFetch, await of(known.issuer), known),
  }
}

type Oidc = Awaited<ReturnType<typeof library>>

async function clientOf(
  safeFetch: SafeFetch,
  document: ServerMetadata,
  { issuer, clientId, clientSecret }: Parameters<Metadata["client"]>[0],
): Promise<Configuration> {
  const oidc = await library()
  const auth = clientAuth(oidc, document, clientSecret)
  const terms = { [oidc.clockTolerance]: L.clockSeconds }
  // Of many tenants the library holds `iss` against the template with the token's own tenant, as its discovery alone sets up: it is given
  // the document that is kept. A copy else: the library keeps an issuer's keys beside the document itself.
  const config = isManyTenants(issuer)
    ? await oidc.discovery(new URL(issuer), clientId, terms, auth, {
        [oidc.customFetch]: async () => Response.json(document),
      })
    : new oidc.Configuration({ ...document }, clientId, terms, auth)
  config[oidc.customFetch] = (url, { method, headers, body, signal }) =>
    asResponse(safeFetch, url, { method, headers, body, signal })
  config.timeout = L.requestMs / 1_000
  // Where TLS alone would do, the signature is looked at too.
  oidc.enableNonRepudiationChecks(config)
  if (issuer.startsWith("http:")) oidc.allowInsecureRequests(config)
  return config
}

/** Basic where the issuer takes it (OpenID Connect Discovery §3 has it as the default), else in the body. */
function clientAuth(oidc: Oidc, document: ServerMetadata, clientSecret: string | null) {
  if (clientSecret === null) return oidc.None()
  const methods = document.token_endpoint_auth_methods_supported
  const inBody =
    Array.isArray(methods) && !methods.includes("client_secret_basic") && methods.includes("client_secret_post")
  return inBody ? oidc.ClientSecretPost(clientSecret) : oidc.ClientSecretBasic(clientSecret)
}

/** safe-safeFetch in the shape that the library asks for. */
async function asResponse(
  safeFetch: SafeFetch,
  url: string,
  init: { method: string; headers: Record<string, string>; body?: unknown; signal?: AbortSignal | undefined },
): Promise<Response> {
  const answer = await safeFetch(url, {
    method: init.method as "GET" | "POST",
    headers: init.headers,
    ...(init.body == null ? {} : { body: String(init.body) }),
    bytesMax: L.answerBytesMax,
    deadlineMs: L.requestMs,
    ...(init.signal ? { signal: init.signal } : {}),
  })
  const { status } = answer
  const headers = new Headers({ "content-type": answer.headers.get("content-type") ?? "" })
  const challenge = answer.headers.get("www-authenticate")
  if (challenge) headers.set("www-authenticate", challenge)
  const hasBody = status !== 204 && status !== 205 && status !== 304
  return new Response(hasBody ? (answer.bytes as Uint8Array<ArrayBuffer>) : null, { status, headers })
}

async function jsonOf(safeFetch: SafeFetch, url: string): Promise<Record<string, unknown>> {
  const { host } = new URL(url)
  const failed = (why: string, cause?: unknown) =>
    new AppError("unavailable", `${host} could not be read: ${why}`, {}, cause)
  const answer = await safeFetch(url, {
    headers: { accept: "application/json" },
    bytesMax: L.answerBytesMax,
    deadlineMs: L.requestMs,
  }).catch((error: unknown) => {
    throw error instanceof SafeFetchError ? failed(error.message, error) : error
  })
  if (answer.status !== 200) throw failed(`it answered ${answer.status} where its OpenID configuration should be.`)
  try {
    const document: unknown = JSON.parse(answer.text())
    if (typeof document === "object" && document !== null && !Array.isArray(document))
      return document as Record<string, unknown>
  } catch {}
  throw failed("what stands at its OpenID configuration is no JSON document.")
}

/** What keeps a document from being one of an issuer that people can sign in with; null = nothing. */
function documentProblem(document: Record<string, unknown>, issuer: string): string | null {
  const name = isManyTenants(issuer) ? MANY_TENANTS_NAME : issuer
  if (document.issuer !== name) {
    const named = typeof document.issuer === "string" ? document.issuer.slice(0, L.issuerCharsMax) : ""
    return isSameButSlash(named, issuer)
      ? `It calls itself ${named}: enter it spelled like that.`
      : "It calls itself by another name. Enter the issuer exactly as it names itself."
  }
  for (const name of ["authorization_endpoint", "token_endpoint", "jwks_uri"])
    if (!isEndpoint(document[name], issuer)) return `Its OpenID configuration names no ${name} that we could use.`
  if (document.userinfo_endpoint !== undefined && !isEndpoint(document.userinfo_endpoint, issuer))
    return "Its OpenID configuration names a userinfo_endpoint that we could not use."
  const types = document.response_types_supported
  return Array.isArray(types) && !types.includes("code") ? "It does not offer the authorization code flow." : null
}
