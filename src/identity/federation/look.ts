// A look at an issuer before people are sent there: its documents, its keys, and whether it knows our client by that secret.
import { AppError } from "../../app/index.ts"
import type { SafeFetch } from "../../http/index.ts"
import type { Core } from "../core.ts"
import { callbackOf, clientOf } from "./begin.ts"
import { knownIssuer } from "./issuers.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"
import { library, type Metadata } from "./metadata.ts"
import type { IssuerTest } from "./types.ts"

/** @see FederationVerbs.testIssuer */
export async function testIssuer(
  core: Core,
  metadata: Metadata,
  safeFetch: SafeFetch,
  slug: string,
): Promise<IssuerTest> {
  const row = knownIssuer(core.store.read, slug)
  try {
    const document = await metadata.read(row.issuer)
    const keys = await keysOf(safeFetch, String(document.jwks_uri))
    if (keys === 0) return { ok: false, message: "It answers, but publishes no key to check its word with." }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, message: error.message }
    throw error
  }
  return await knowsUs(core, metadata, slug)
}

async function keysOf(safeFetch: SafeFetch, url: string): Promise<number> {
  const failed = (cause?: unknown) =>
    new AppError("unavailable", "It answers, but its keys could not be read.", {}, cause)
  const answer = await safeFetch(url, { bytesMax: L.answerBytesMax, deadlineMs: L.requestMs }).catch(
    (error: unknown) => {
      throw failed(error)
    },
  )
  try {
    const { keys } = JSON.parse(answer.text()) as { keys?: unknown }
    return Array.isArray(keys) ? keys.length : 0
  } catch (error) {
    throw failed(error)
  }
}

/** A code that nobody gave out: whoever knows our client says that the code is wrong, and others that the client is. */
async function knowsUs(core: Core, metadata: Metadata, slug: string): Promise<IssuerTest> {
  const row = knownIssuer(core.store.read, slug)
  const [oidc, config] = await Promise.all([library(), clientOf(core, metadata, row)])
  const answered = await oidc
    .genericGrantRequest(config, "authorization_code", {
      code: "purser-asks-whether-you-know-it",
      redirect_uri: callbackOf(core, slug),
      code_verifier: "purser-asks-whether-you-know-it-0123456789012",
    })
    .then(
      () => null,
      (error: unknown) => error,
    )
  if (answered instanceof oidc.ResponseBodyError && answered.error === "invalid_grant")
    return { ok: true, message: "It answers, and knows the client ID and secret." }
  const refused = answered instanceof oidc.ResponseBodyError ? answered.error : null
  if (
    answered instanceof oidc.WWWAuthenticateChallengeError ||
    refused === "invalid_client" ||
    refused === "unauthorized_client"
  )
    return { ok: false, message: "It answers, but does not know this client ID with this secret." }
  return { ok: true, message: "It answers. Whether it knows the client ID and secret, the first sign-in will show." }
}
