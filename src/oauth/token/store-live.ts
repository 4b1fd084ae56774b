// SQL of what a hold asks about a grant, read once and remembered until its tables are written.
import type { ClientId, UserId } from "../../app/index.ts"
import { type Reader, remember } from "../../store/index.ts"
import { storedTools } from "../consent/store.ts"
import { clients, consentLimits, consents, grants } from "../tables.ts"
import type { ToolPaths } from "../types.ts"
import { tokensKnown } from "./store-revoked.ts"

/** All that a hold must know about a token's grant. */
export interface LiveGrantRow {
  /** 1 when grant or token are revoked. */
  revoked: number
  clientSuspendedMs: number | null
  clientEpoch: number
  developerId: UserId | null
  userId: UserId
  /** 1 when the grant hangs below a consent, or is a test token's, so that limits apply. */
  limited: number
  scopes: string
  /** null for first-party grants; "" once the consent is revoked. */
  consentScopes: string | null
  clientScopes: string
  /** The team whose credits it spends. */
  payerId: UserId | null
  /** Limit of the asked scope. */
  dailyNano: number | null
}
/** Five reads by key, each remembered until its table is written: what rarely changes costs a hold no SQL. */
export function liveGrantRow(reader: Reader, grantId: number, jti: string, scope: string): LiveGrantRow | null {
  const grant = grantsKnown.get(reader, grantId)
  if (!grant) return null
  const client = clientsKnown.get(reader, grant.clientId)
  if (!client) return null
  const { consentId } = grant
  const consent = consentId === null ? null : consentsKnown.get(reader, consentId)
  const limits = consentId === null ? null : limitsKnown.get(reader, consentId)
  return {
    revoked: grant.revokedMs !== null || tokensKnown.get(reader, jti) ? 1 : 0,
    clientSuspendedMs: client.suspendedMs,
    clientEpoch: client.tokenEpoch,
    developerId: client.ownerId,
    userId: grant.userId,
    scopes: grant.scopes,
    clientScopes: client.scopes,
    limited: consentId === null && grant.trialNano === null ? 0 : 1,
    consentScopes: consentId === null ? null : consent && consent.revokedMs === null ? consent.scopes : "",
    // A test token spends what its app's developer has, a team's too.
    payerId: consent?.payerId ?? (grant.trialNano !== null && client.ownerId !== grant.userId ? client.ownerId : null),
    dailyNano: grant.trialNano ?? limits?.find((limit) => limit.scope === scope)?.dailyNano ?? null,
  }
}

const grantsKnown = remember({
  of: [grants],
  load: (reader, id: number) =>
    reader.get<GrantKeys>(
      `SELECT revoked_ms AS revokedMs, client_id AS clientId, user_id AS userId, consent_id AS consentId, scopes,
         trial_nano AS trialNano FROM oauth_grants WHERE id = ?`,
      id,
    ),
})
const clientsKnown = remember({
  of: [clients],
  load: (reader, id: ClientId) =>
    reader.get<ClientKeys>(
      `SELECT suspended_ms AS suspendedMs, token_epoch AS tokenEpoch, owner_id AS ownerId, scopes
       FROM oauth_clients WHERE id = ?`,
      id,
    ),
})
const consentsKnown = remember({
  of: [consents],
  load: (reader, id: number) =>
    reader.get<Pick<typeof consents.$inferSelect, "revokedMs" | "scopes" | "tools" | "payerId">>(
      "SELECT revoked_ms AS revokedMs, scopes, tools, payer_id AS payerId FROM oauth_consents WHERE id = ?",
      id,
    ),
})

/** What the scope `mcp` opens under a consent; nothing once it is revoked. */
export function liveTools(reader: Reader, consentId: number): ToolPaths {
  const consent = consentsKnown.get(reader, consentId)
  return consent && consent.revokedMs === null ? storedTools(consent.tools) : []
}
/** Few rows a consent: a Map of them would be four times as large. A scope that gets its first limit is a row more. */
const limitsKnown = remember({
  of: [consentLimits],
  absence: true,
  load: (reader, consentId: number): readonly LimitRow[] =>
    reader.all<LimitRow>(
      "SELECT scope, daily_nano AS dailyNano FROM oauth_consent_limits WHERE consent_id = ?",
      consentId,
    ),
})
type LimitRow = Pick<typeof consentLimits.$inferSelect, "scope" | "dailyNano">
type GrantKeys = Pick<typeof grants.$inferSelect, "revokedMs" | "consentId" | "scopes" | "trialNano"> & {
  clientId: ClientId
  userId: UserId
}
type ClientKeys = Pick<typeof clients.$inferSelect, "suspendedMs" | "tokenEpoch" | "scopes"> & {
  ownerId: UserId | null
}
