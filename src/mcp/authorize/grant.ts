// What is kept of a person's account at a tool server: how it was found, as whom we are known there, the tokens. One sealed text, in the place of
// other credentials. Every address it names came from a stranger and is asked through safe-fetch alone.
import type { OAuthClientProvider, OAuthDiscoveryState } from "@modelcontextprotocol/sdk/client/auth.js"
import type { OAuthClientInformationMixed, OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js"
import { type Core, openedCredential, sealedCredential } from "../core.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import { saveServer, serverById } from "../store.ts"
import type { Server } from "../types.ts"

export interface Kept {
  client?: OAuthClientInformationMixed | undefined
  /** Its person entered it: registered there by them, and never replaced by us. */
  isByHand?: boolean | undefined
  tokens?: OAuthTokens | undefined
  /** ms UTC; null = the server did not say. */
  expiresMs?: number | null
  discovery?: OAuthDiscoveryState | undefined
  /** As the server's 401 said; null = where it is by rule. */
  resourceMetadataUrl?: string | null
}

export function keptOf(core: Core, server: Pick<Server, "id" | "publicId">): Kept {
  const text = openedCredential(core, server)
  return text === null ? {} : (JSON.parse(text) as Kept)
}

const KEEP = { actor: "system:mcp-sign-in", requestId: "mcp-sign-in", reason: "an account at a tool server" }

export const keep = (core: Core, server: Pick<Server, "id" | "publicId">, kept: Kept): Promise<void> =>
  core.store.write(KEEP, (tx) => {
    if (!serverById(tx, server.id)) return
    const credentialSealed = sealedCredential(tx, core, server.publicId, JSON.stringify(kept))
    saveServer(tx, server.id, { credentialSealed })
  })

/** An address of its own for each server: no code of one can be delivered to another (RFC 9700 §4.4). */
export const redirectUrlOf = (core: Pick<Core, "baseUrl">, publicId: string): string =>
  `${core.baseUrl}/mcp/callback/${publicId}`
const documentUrlOf = (core: Pick<Core, "baseUrl">, publicId: string): string =>
  `${core.baseUrl}/mcp/clients/${publicId}`

/** What we say of ourselves, by registration or at an address of ours (client ID metadata document). */
export const clientMetadata = (core: Pick<Core, "baseUrl">, publicId: string) => ({
  // Whose house it is; the name of the product may be one that the other side keeps for itself.
  client_name: `Tools at ${new URL(core.baseUrl).host}`,
  client_uri: core.baseUrl,
  redirect_uris: [redirectUrlOf(core, publicId)],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
})

export const clientDocument = (core: Pick<Core, "baseUrl">, publicId: string) => ({
  client_id: documentUrlOf(core, publicId),
  ...clientMetadata(core, publicId),
})

/** Addresses of documents and of token endpoints, as those of the server itself. */
export const fetchFor =
  (core: Pick<Core, "stream">) =>
  async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const { body, method = "GET", headers } = init
    return core.stream(String(input), {
      method: method as "GET" | "POST",
      headers: Object.fromEntries(new Headers(headers)),
      ...(body === undefined || body === null ? {} : { body: String(body) }),
      bytesMax: L.documentBytesMax,
      headMs: L.connectMs,
    })
  }

export interface Walk {
  provider: OAuthClientProvider
  kept: Kept
  /** Where the person goes; null until the walk came so far. */
  location: URL | null
  verifier: string
}

/** One walk through the SDK's client: what it learns stands in `kept` and is saved by whoever began it. */
export function walkOf(
  core: Core,
  server: Pick<Server, "publicId">,
  kept: Kept,
  state: (verifier: string) => string,
): Walk {
  const documentUrl = documentUrlOf(core, server.publicId)
  const walk: Walk = {
    kept,
    location: null,
    verifier: "",
    provider: {
      redirectUrl: redirectUrlOf(core, server.publicId),
      ...(documentUrl.startsWith("https:") ? { clientMetadataUrl: documentUrl } : {}),
      clientMetadata: clientMetadata(core, server.publicId),
      clientInformation: () => kept.client,
      // Without it the library refuses to send a client to another sign-in than the one it was entered for.
      ...(kept.isByHand
        ? {}
        : {
            saveClientInformation(client: OAuthClientInformationMixed) {
              kept.client = client
            },
          }),
      tokens: () => kept.tokens,
      saveTokens(tokens) {
        kept.tokens = tokens
        kept.expiresMs = tokens.expires_in === undefined ? null : core.clock.now() + tokens.expires_in * 1_000
      },
      redirectToAuthorization(url) {
        // The verifier is known by now, and goes with the person: nothing is kept of whoever only looked.
        url.searchParams.set("state", state(walk.verifier))
        walk.location = url
      },
      saveCodeVerifier(verifier) {
        walk.verifier = verifier
      },
      codeVerifier: () => walk.verifier,
      saveDiscoveryState(discovery) {
        kept.discovery = discovery
      },
      discoveryState: () => kept.discovery,
      invalidateCredentials(what) {
        if ((what === "all" || what === "client") && !kept.isByHand) kept.client = undefined
        if (what === "all" || what === "tokens") kept.tokens = undefined
        if (what === "all" || what === "discovery") kept.discovery = undefined
      },
    },
  }
  return walk
}
