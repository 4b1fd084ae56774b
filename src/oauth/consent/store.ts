// SQL of consents and their daily limits.
import { type Nano, nano, type UserId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { formatScopes, isAiScope, parseScopes } from "../scopes.ts"
import { consentLimits, consents } from "../tables.ts"
import type { AiScope, Client, Consent, ConsentWithClient, Scope, ToolPaths } from "../types.ts"

type ConsentRow = Omit<Consent, "scopes" | "declined" | "limits" | "asked" | "tools" | "toolsNarrow"> & {
  scopes: string
  declined: string
  limits: string
  asked: string
  tools: string | null
  toolsNarrow: 0 | 1
}

const COLUMNS = `n.id, n.public_id AS publicId, n.user_id AS userId, n.client_id AS clientId, n.scopes, n.declined,
    n.created_ms AS createdMs, n.granted_ms AS grantedMs, n.revoked_ms AS revokedMs,
    n.tools, n.tools_narrow AS toolsNarrow, n.payer_id AS payerId,
    (SELECT json_group_object(scope, daily_nano) FROM oauth_consent_limits WHERE consent_id = n.id) AS limits,
    (SELECT json_group_object(scope, asked_nano) FROM oauth_consent_limits WHERE consent_id = n.id AND asked_nano IS NOT NULL) AS asked`

function fromRow(row: ConsentRow | null): Consent | null {
  if (!row) return null
  const scopes = parseScopes(row.scopes)
  const stored = JSON.parse(row.limits) as Partial<Record<AiScope, number>>
  const limits: Partial<Record<AiScope, Nano>> = {}
  // The limit of a scope that was taken back is kept in its row but is no part of the consent.
  for (const scope of scopes.filter(isAiScope)) if (stored[scope] !== undefined) limits[scope] = nano(stored[scope])
  const asked = JSON.parse(row.asked) as Consent["asked"]
  const tools = storedTools(row.tools)
  return {
    ...row,
    scopes,
    declined: parseScopes(row.declined),
    limits,
    asked,
    tools,
    toolsNarrow: row.toolsNarrow === 1,
  }
}

export const storedTools = (text: string | null): ToolPaths => (text === null ? null : (JSON.parse(text) as string[]))

/** The row of user and client, revoked or not. */
export const consentOf = (reader: Reader, userId: number, clientId: number): Consent | null =>
  fromRow(
    reader.get<ConsentRow>(
      `SELECT ${COLUMNS} FROM oauth_consents n WHERE n.user_id = ? AND n.client_id = ?`,
      userId,
      clientId,
    ),
  )

/** A person's own consent by public id. */
export const ownConsent = (reader: Reader, userId: number, publicId: string): Consent | null =>
  fromRow(
    reader.get<ConsentRow>(
      `SELECT ${COLUMNS} FROM oauth_consents n WHERE n.user_id = ? AND n.public_id = ?`,
      userId,
      publicId,
    ),
  )

type WithClientRow = ConsentRow & {
  clientPublicId: string
  name: string
  homepageUrl: string | null
  ownerId: UserId | null
  mode: Client["mode"]
  source: Client["source"]
  documentUrl: string | null
}

export const activeConsentsOf = (reader: Reader, userId: number): ConsentWithClient[] =>
  reader
    .all<WithClientRow>(
      `SELECT ${COLUMNS}, c.public_id AS clientPublicId, c.name, c.homepage_url AS homepageUrl,
         c.owner_id AS ownerId, c.mode, c.source,
         (SELECT url FROM oauth_client_origins WHERE client_id = c.id) AS documentUrl
       FROM oauth_consents n JOIN oauth_clients c ON c.id = n.client_id
       WHERE n.user_id = ? AND n.revoked_ms IS NULL ORDER BY n.granted_ms DESC, n.id DESC`,
      userId,
    )
    .map(({ clientPublicId, name, homepageUrl, ownerId, mode, source, documentUrl, ...row }) => ({
      ...fromRow(row)!,
      client: { publicId: clientPublicId, name, homepageUrl, ownerId, mode, source, documentUrl },
    }))

/** Makes the row, or revives it with these scopes. */
export function upsertConsent(
  tx: Tx,
  consent: { publicId: string; userId: number; clientId: number; scopes: Scope[]; declined: Scope[] },
): void {
  insertRow(
    tx,
    consents,
    {
      publicId: consent.publicId,
      userId: consent.userId,
      clientId: consent.clientId,
      scopes: formatScopes(consent.scopes),
      declined: formatScopes(consent.declined),
      createdMs: tx.now,
      grantedMs: tx.now,
    },
    `ON CONFLICT (user_id, client_id) DO UPDATE
       SET scopes = excluded.scopes, declined = excluded.declined, granted_ms = excluded.granted_ms, revoked_ms = NULL`,
  )
}

/** @param payerId null: the person's own credits */
export const setPayer = (tx: Tx, consentId: number, payerId: UserId | null) =>
  tx.run("UPDATE oauth_consents SET payer_id = ? WHERE id = ?", payerId, consentId)

/** Whose credits a permission that stands spends; null: its person's. */
export const payerOf = (reader: Reader, consentId: number): UserId | null =>
  reader.get<{ payerId: UserId | null }>(
    "SELECT payer_id AS payerId FROM oauth_consents WHERE id = ? AND revoked_ms IS NULL",
    consentId,
  )?.payerId ?? null

export const teamPaidConsents = (reader: Reader): number[] =>
  reader.all<{ id: number }>("SELECT id FROM oauth_consents WHERE payer_id IS NOT NULL").map(({ id }) => id)

/** Those that stand and spend a team's credits. */
export const consentsPaidBy = (reader: Reader, payerId: UserId): Consent[] =>
  reader
    .all<ConsentRow>(
      `SELECT ${COLUMNS} FROM oauth_consents n WHERE n.payer_id = ? AND n.revoked_ms IS NULL ORDER BY n.id`,
      payerId,
    )
    .map((row) => fromRow(row)!)

export function setTools(tx: Tx, consentId: number, tools: ToolPaths, isNarrow: boolean): void {
  const text = tools === null ? null : JSON.stringify(tools)
  tx.run("UPDATE oauth_consents SET tools = ?, tools_narrow = ? WHERE id = ?", text, Number(isNarrow), consentId)
}

/** Whose consents name it. */
export const consentsWithTools = (reader: Reader, userId: number, path: string): Consent[] =>
  reader
    .all<ConsentRow>(
      `SELECT ${COLUMNS} FROM oauth_consents n
       WHERE n.user_id = ?1 AND EXISTS (SELECT 1 FROM json_each(n.tools) WHERE value = ?2)`,
      userId,
      path,
    )
    .map((row) => fromRow(row)!)

/** @param askedNano what the app proposed just now; the highest is kept */
export function setLimit(tx: Tx, consentId: number, scope: AiScope, dailyNano: Nano, askedNano?: Nano): void {
  insertRow(
    tx,
    consentLimits,
    { consentId, scope, dailyNano, askedNano: askedNano ?? null },
    `ON CONFLICT (consent_id, scope) DO UPDATE SET daily_nano = excluded.daily_nano,
       asked_nano = max(coalesce(asked_nano, excluded.asked_nano), coalesce(excluded.asked_nano, asked_nano))`,
  )
}

export const markRevoked = (tx: Tx, consentId: number): boolean =>
  tx.run("UPDATE oauth_consents SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL", tx.now, consentId).changes ===
  1

/** n$ a day, of every scope that has one. */
export const limitsOf = (reader: Reader, consentId: number): Partial<Record<AiScope, Nano>> =>
  Object.fromEntries(
    reader
      .all<{ scope: AiScope; dailyNano: number }>(
        "SELECT scope, daily_nano AS dailyNano FROM oauth_consent_limits WHERE consent_id = ?",
        consentId,
      )
      .map(({ scope, dailyNano }) => [scope, nano(dailyNano)]),
  )

export const limitFor = (reader: Reader, consentId: number, scope: AiScope): Nano | null => {
  const row = reader.get<{ dailyNano: number; scopes: string }>(
    `SELECT l.daily_nano AS dailyNano, n.scopes FROM oauth_consent_limits l JOIN oauth_consents n ON n.id = l.consent_id
     WHERE l.consent_id = ? AND l.scope = ? AND n.revoked_ms IS NULL`,
    consentId,
    scope,
  )
  return row && parseScopes(row.scopes).includes(scope) ? nano(row.dailyNano) : null
}
