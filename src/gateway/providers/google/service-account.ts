// Google's service accounts: a signed assertion is exchanged for an access token (RFC 7523), which is kept until shortly before its end.
import { importPKCS8, SignJWT } from "jose"
import { Lru, sha256Hex } from "../../../app/index.ts"
import { readDecoded } from "../../../http/index.ts"
import { failure, type UpstreamFailure, unreachable } from "../failure.ts"
import type { UpstreamFetch } from "../provider.ts"

export interface ServiceAccount {
  email: string
  privateKey: string
  keyId: string | null
  tokenUri: string
}

const SCOPE = "https://www.googleapis.com/auth/cloud-platform"
const TOKEN_URI = "https://oauth2.googleapis.com/token"
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
/** Renewed this long before its end, so that no call carries one that ends on its way. Milliseconds. */
const MARGIN_MS = 120_000
const FETCH_MS = 10_000
const ANSWER_BYTES_MAX = 64 * 1024

/** The JSON file as Google gives it. @returns what is wrong with it, for the person who pasted it */
export function serviceAccountProblem(text: string): string | null {
  const read = readServiceAccount(text)
  return typeof read === "string" ? read : null
}

function readServiceAccount(text: string): ServiceAccount | string {
  const wrong = "Paste the whole JSON file of the service account's key."
  let json: Record<string, unknown>
  try {
    json = JSON.parse(text) as Record<string, unknown>
  } catch {
    return wrong
  }
  const { client_email, private_key, private_key_id, token_uri } = json ?? {}
  if (typeof client_email !== "string" || typeof private_key !== "string") return wrong
  const tokenUri = typeof token_uri === "string" ? token_uri : TOKEN_URI
  if (!isTokenUri(tokenUri)) return "The key names a token address that is not Google's. Download it again."
  return {
    email: client_email,
    privateKey: private_key,
    keyId: typeof private_key_id === "string" ? private_key_id : null,
    tokenUri,
  }
}

/** Google's own, or this machine (for servers that play its part). */
function isTokenUri(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  if (protocol === "http:") return ["127.0.0.1", "localhost", "[::1]"].includes(hostname)
  return protocol === "https:" && (hostname === "googleapis.com" || hostname.endsWith(".googleapis.com"))
}

interface Token {
  value: Promise<string>
  /** `performance.now()`: a machine's clock may be set back. */
  renewMs: number
}
/** Accounts whose tokens are kept: people bring keys of their own, and beyond this a token is only asked for once more. */
const TOKENS_MAX = 1_000
/** By hash: a key that was taken off stays in no memory. */
const tokens = new Lru<Token>(TOKENS_MAX)

/** One exchange however many calls wait for it; a failed one is tried anew by the next call. @throws UpstreamFailure */
export function accessToken(keyJson: string, fetch: UpstreamFetch): Promise<string> {
  const hash = sha256Hex(keyJson)
  const known = tokens.get(hash)
  if (known && known.renewMs > performance.now()) return known.value
  const token: Token = { value: Promise.resolve(""), renewMs: performance.now() + FETCH_MS }
  token.value = exchange(keyJson, fetch).then(({ value, endsMs }) => {
    token.renewMs = endsMs - MARGIN_MS
    return value
  })
  token.value.catch(() => {
    if (tokens.get(hash) === token) tokens.delete(hash)
  })
  tokens.set(hash, token)
  return token.value
}

async function exchange(keyJson: string, fetch: UpstreamFetch): Promise<{ value: string; endsMs: number }> {
  const account = readServiceAccount(keyJson)
  if (typeof account === "string") throw refused({ said: account })
  const assertion = await signed(account)
  const body = new URLSearchParams({ grant_type: GRANT, assertion }).toString()
  let response: Response
  let text: string
  try {
    response = await fetch(account.tokenUri, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", "accept-encoding": "identity" },
      body,
      signal: AbortSignal.timeout(FETCH_MS),
      redirect: "manual",
      decompress: false,
    })
    text = new TextDecoder().decode(await readDecoded(response, ANSWER_BYTES_MAX))
  } catch (error) {
    throw unreachable(error)
  }
  if (!response.ok) throw refused({ status: response.status, body: text.slice(0, 500) })
  const { access_token, expires_in } = parsed(text)
  if (typeof access_token !== "string" || access_token === "") throw refused({ said: "no access_token" })
  const seconds = typeof expires_in === "number" && expires_in > 0 ? expires_in : 3_600
  return { value: access_token, endsMs: performance.now() + seconds * 1_000 }
}

async function signed({ email, privateKey, keyId, tokenUri }: ServiceAccount): Promise<string> {
  try {
    const key = await importPKCS8(privateKey, "RS256")
    return await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", ...(keyId === null ? {} : { kid: keyId }) })
      .setIssuer(email)
      .setAudience(tokenUri)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(key)
  } catch {
    throw refused({ said: "the private key cannot be read" })
  }
}

const parsed = (text: string): Record<string, unknown> => {
  try {
    return (JSON.parse(text) as Record<string, unknown> | null) ?? {}
  } catch {
    return {}
  }
}

/** The operator's account: no business of a caller's. */
const refused = (detail: unknown): UpstreamFailure =>
  failure("provider_error", "The AI provider failed. Try again, or use another model.", true, detail)
