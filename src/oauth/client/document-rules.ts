// What a client ID metadata document must be (draft-ietf-oauth-client-id-metadata-document-02), and how long it is believed. Pure.
import { AppError, ensure, type Reserved } from "../../app/index.ts"
import type { SafeResponse } from "../../http/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { type CheckedClient, type Metadata, objectOf, readMetadata } from "./metadata.ts"
import { isPlainHost } from "./redirect-uri.ts"

export const isDocumentId = (clientId: string): boolean => /^https:/i.test(clientId)

/**
 * Why an address cannot be a client id; null when it can. Only the spelling that a browser would make of it, so that dots, capitals,
 * user names and default ports never get into a comparison.
 */
export function documentUrlProblem(text: string): string | null {
  if (text.length > OAUTH_LIMITS.documentUrlCharsMax) return "it is too long"
  if (!text.startsWith("https://") || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text))
    return "it is not an https address"
  const url = new URL(text)
  if (url.username || url.password) return "it holds a user name"
  if (text.includes("#")) return "it has a part after #"
  if (url.href !== text || !isPlainHost(url.hostname)) return "it is not written in its plain form"
  return url.pathname === "/" ? "it has no path" : null
}

/** @throws AppError invalid_client_metadata, invalid_redirect_uri */
export function readDocument(url: string, answer: SafeResponse, reserved: Reserved): CheckedClient {
  const is = (condition: boolean, words: string) => ensure(condition, "invalid_client_metadata", words)
  is(answer.status === 200, `its server answered with ${answer.status}`)
  const type = (answer.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase()
  is(/^application\/(?:[\w.-]+\+)?json$/.test(type), "it is not JSON")
  const metadata = objectOf(parsed(answer.text()))
  is(metadata.client_id === url, "its client_id is another address")
  is(!("client_secret" in metadata || "client_secret_expires_at" in metadata), "it holds a secret")
  is((metadata.token_endpoint_auth_method ?? "none") === "none", "it asks to prove itself by a secret or a key")
  for (const name of ["client_name", "redirect_uris"]) is(isGiven(metadata, name), `it has no ${name}`)
  return readMetadata(metadata, "public", reserved)
}

const isGiven = (metadata: Metadata, name: string): boolean => metadata[name] !== undefined && metadata[name] !== null

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError("invalid_client_metadata", "it is not JSON")
  }
}

/** How long its server lets it be kept (RFC 9111 §4.2.1), within ours. */
export function freshMs(headers: Headers, nowMs: number): number {
  const control = (headers.get("cache-control") ?? "").toLowerCase()
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})/.exec(control)?.[1]
  const expiresMs = Date.parse(headers.get("expires") ?? "")
  const age = /^\d{1,9}$/.exec(headers.get("age") ?? "")?.[0]
  let ms = 0
  if (/no-store|no-cache/.test(control)) ms = 0
  else if (seconds !== undefined) ms = (Number(seconds) - Number(age ?? 0)) * 1_000
  else if (!Number.isNaN(expiresMs)) ms = expiresMs - nowMs
  return Math.min(Math.max(ms, OAUTH_LIMITS.documentFreshMsMin), OAUTH_LIMITS.documentFreshMsMax)
}
