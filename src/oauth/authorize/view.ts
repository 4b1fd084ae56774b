// What login and consent pages may show. Values only; escaping is the view's duty.
import { isLoopback, returnsTo } from "../client/redirect-uri.ts"
import { DAILY_LIMIT_MAX } from "../consent/rules.ts"
import { DEFAULT_DAILY_LIMIT, isAiScope } from "../scopes.ts"
import type {
  AppSite,
  AskingApp,
  AskingDevice,
  Client,
  Consent,
  ConsentReason,
  ConsentView,
  ToolPaths,
} from "../types.ts"
import { type AuthRequest, asksFor } from "./request.ts"

export const askingApp = (client: Client, request: AuthRequest): AskingApp => ({
  clientId: client.id,
  clientPublicId: client.publicId,
  name: client.name,
  homepageUrl: client.homepageUrl,
  policyUri: client.policyUri,
  tosUri: client.tosUri,
  supportUrl: client.supportUrl,
  shareBp: client.ownerId === null ? null : client.shareBp,
  ownerId: client.ownerId,
  firstParty: client.type === "first-party",
  source: client.source,
  documentHost: client.documentUrl === null ? null : new URL(client.documentUrl).host,
  loopbackOnly: client.redirectUris.length > 0 && client.redirectUris.every(isLoopback),
  mode: client.mode,
  returnsTo: request.device ? null : returnsTo(request.redirectUri),
})

/** Nothing of the request goes into it, and a suspended app gets no link. */
export const siteOf = (client: Client | null | undefined): AppSite | undefined =>
  client?.homepageUrl && client.suspendedMs === null ? { name: client.name, url: client.homepageUrl } : undefined

const deviceOf = ({ userCode, startedMs, network, device }: AskingDevice): AskingDevice => ({
  userCode,
  startedMs,
  network,
  device,
})

export const consentView = (
  client: Client,
  request: AuthRequest,
  consent: Consent | null,
  { reason, tools }: { reason: ConsentReason; tools: ToolPaths },
): ConsentView => ({
  app: askingApp(client, request),
  reason,
  limitMaxNano: DAILY_LIMIT_MAX,
  payerId: consent !== null && consent.revokedMs === null ? consent.payerId : null,
  tools: asksFor(request).includes("mcp")
    ? { named: tools, before: consent?.scopes.includes("mcp") ? consent.tools : null }
    : null,
  device: request.device && deviceOf(request.device),
  scopes: asksFor(request).map((scope) => ({
    scope,
    kind: isAiScope(scope) ? "ai" : "identity",
    required: scope === "openid",
    granted: consent !== null && consent.revokedMs === null && consent.scopes.includes(scope),
    declined: consent !== null && consent.revokedMs === null && consent.declined.includes(scope),
    limitNano: isAiScope(scope)
      ? (consent?.limits[scope] ?? request.suggested[scope] ?? DEFAULT_DAILY_LIMIT[scope])
      : null,
    ...(isAiScope(scope) && request.suggested[scope] !== undefined ? { suggestedNano: request.suggested[scope] } : {}),
  })),
})
