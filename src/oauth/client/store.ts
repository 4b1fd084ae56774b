// SQL of clients and the addresses they may send people to.
import type { UserId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { ANY_SCOPE, formatScopes, SCOPES, storedScopes } from "../scopes.ts"
import { clients, postLogoutUris, redirectUris } from "../tables.ts"
import type { AppToOpen, Client, ClientFlow, ClientLinks, ClientTokens, Scope } from "../types.ts"

type ClientRow = Omit<
  Client,
  "scopes" | "redirectUris" | "postLogoutUris" | "requirePar" | "dpopBound" | "deviceFlow" | "detailTypes"
> & {
  detailTypes: string | null
  scopes: string
  redirectUris: string
  postLogoutUris: string
  requirePar: 0 | 1
  dpopBound: 0 | 1
  deviceFlow: 0 | 1
}

const SELECT = `SELECT c.id, c.public_id AS publicId, c.owner_id AS ownerId, c.type, c.mode, c.name,
    c.homepage_url AS homepageUrl, c.policy_uri AS policyUri, c.tos_uri AS tosUri, c.scopes, c.created_ms AS createdMs, c.updated_ms AS updatedMs,
    c.suspended_ms AS suspendedMs, c.suspended_reason AS suspendedReason, c.require_par AS requirePar,
    c.id_token_alg AS idTokenAlg, c.dpop_bound AS dpopBound,
    c.backchannel_logout_uri AS backchannelLogoutUri, c.source, c.device_flow AS deviceFlow, c.removed_ms AS removedMs,
    c.detail_types AS detailTypes, c.description, c.support_url AS supportUrl, c.share_bp AS shareBp,
    c.share_raised_ms AS shareRaisedMs, c.ends_ms AS endsMs, c.moved_ms AS movedMs, c.review,
    (SELECT url FROM oauth_client_origins WHERE client_id = c.id) AS documentUrl,
    (SELECT json_group_array(uri)
      FROM (SELECT uri FROM oauth_post_logout_uris WHERE client_id = c.id ORDER BY id)) AS postLogoutUris,
    (SELECT json_group_array(uri)
      FROM (SELECT uri FROM oauth_redirect_uris WHERE client_id = c.id ORDER BY id)) AS redirectUris
  FROM oauth_clients c`

const fromRow = (row: ClientRow | null): Client | null =>
  row && {
    ...row,
    scopes: [...storedScopes(row.scopes)],
    redirectUris: JSON.parse(row.redirectUris) as string[],
    dpopBound: row.dpopBound === 1,
    postLogoutUris: JSON.parse(row.postLogoutUris) as string[],
    requirePar: row.requirePar === 1,
    deviceFlow: row.deviceFlow === 1,
    detailTypes: row.detailTypes?.split(" ").filter(Boolean) ?? null,
  }

export const clientById = (reader: Reader, id: number): Client | null =>
  fromRow(reader.get<ClientRow>(`${SELECT} WHERE c.id = ?`, id))
/** By its id here, or by the id that the world knows it by: the address of its document. */
export const clientByPublicId = (reader: Reader, publicId: string): Client | null =>
  publicId.startsWith("https://")
    ? fromRow(
        reader.get<ClientRow>(
          `${SELECT} WHERE c.id = (SELECT client_id FROM oauth_client_origins WHERE url = ?)`,
          publicId,
        ),
      )
    : fromRow(reader.get<ClientRow>(`${SELECT} WHERE c.public_id = ?`, publicId))
/** The client that a consent or a grant was given to. */
export const clientByGiven = (reader: Reader, publicId: string): Client | null =>
  fromRow(
    reader.get<ClientRow>(
      `${SELECT} WHERE c.id = coalesce((SELECT client_id FROM oauth_grants WHERE public_id = ?1),
        (SELECT client_id FROM oauth_consents WHERE public_id = ?1))`,
      publicId,
    ),
  )
export const clientByKey = (reader: Reader, key: string): Client | null =>
  fromRow(reader.get<ClientRow>(`${SELECT} WHERE c.key = ?`, key))
export const clientsOf = (reader: Reader, ownerId: number): Client[] =>
  reader.all<ClientRow>(`${SELECT} WHERE c.owner_id = ? ORDER BY c.id DESC`, ownerId).map((row) => fromRow(row)!)
/** Those that did not end for good. */
export const clientsStandingOf = (reader: Reader, ownerId: number): Client[] =>
  reader
    .all<ClientRow>(`${SELECT} WHERE c.owner_id = ? AND c.removed_ms IS NULL ORDER BY c.id`, ownerId)
    .map((row) => fromRow(row)!)
/** Apps that a person could open: live, not suspended, with an address of their own. Oldest first. */
export const appsToOpen = (reader: Reader, limit: number): AppToOpen[] =>
  reader.all<AppToOpen>(
    `SELECT owner_id AS ownerId, name, homepage_url AS homepageUrl FROM oauth_clients
     WHERE type <> 'first-party' AND mode = 'live' AND suspended_ms IS NULL AND homepage_url IS NOT NULL
     ORDER BY id LIMIT ?`,
    limit,
  )
export const countClientsOf = (reader: Reader, ownerId: number): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM oauth_clients WHERE owner_id = ? AND removed_ms IS NULL",
    ownerId,
  )!.n
export const suspendedClientIds = (reader: Reader): number[] =>
  reader.all<{ id: number }>("SELECT id FROM oauth_clients WHERE suspended_ms IS NOT NULL").map((row) => row.id)

/** @param endsMs null: it stays */
export const saveEnd = (tx: Tx, id: number, endsMs: number | null): void => {
  tx.run("UPDATE oauth_clients SET ends_ms = ? WHERE id = ?", endsMs, id)
}
/** Public ids of those that were to end by now. */
export const endedClients = (reader: Reader, nowMs: number, limit: number): string[] =>
  reader
    .all<{ publicId: string }>(
      "SELECT public_id AS publicId FROM oauth_clients WHERE ends_ms <= ? AND removed_ms IS NULL ORDER BY ends_ms LIMIT ?",
      nowMs,
      limit,
    )
    .map(({ publicId }) => publicId)

export const saveReview = (tx: Tx, id: number, review: Client["review"]): void => {
  tx.run("UPDATE oauth_clients SET review = ? WHERE id = ?", review, id)
}

/** Its tokens of before are of another epoch, its device codes go. */
export function saveOwner(tx: Tx, id: number, to: UserId): { epoch: number } {
  tx.run("DELETE FROM oauth_device_codes WHERE client_id = ?", id)
  return tx.get<{ epoch: number }>(
    `UPDATE oauth_clients SET holder_id = ?, moved_ms = ?, token_epoch = token_epoch + 1, updated_ms = ?
     WHERE id = ? RETURNING token_epoch AS epoch`,
    to,
    tx.now,
    tx.now,
    id,
  )!
}

/** Of clients that were ever suspended or handed over. */
export const tokenEpochs = (reader: Reader): { id: number; epoch: number }[] =>
  reader.all("SELECT id, token_epoch AS epoch FROM oauth_clients WHERE token_epoch > 0")

/** Whoever came by itself and is held to nothing may also ask for what there will be. */
const storedAs = ({ source, scopes }: Pick<Client, "source" | "scopes">): string =>
  (source === "document" || source === "registration") && SCOPES.every((scope) => scopes.includes(scope))
    ? ANY_SCOPE
    : formatScopes(scopes)

export function insertClient(
  tx: Tx,
  client: Pick<
    Client,
    | "publicId"
    | "ownerId"
    | "source"
    | "type"
    | "mode"
    | "name"
    | "description"
    | "scopes"
    | "review"
    | keyof ClientLinks
  > &
    Pick<ClientFlow, "requirePar" | "backchannelLogoutUri" | "deviceFlow" | "detailTypes" | keyof ClientTokens> & {
      key: string | null
    },
): number {
  return insertRow(tx, clients, {
    publicId: client.publicId,
    holderId: client.source === "appliance" ? null : (client.ownerId ?? 0),
    source: client.source,
    deviceFlow: client.deviceFlow ? 1 : 0,
    detailTypes: client.detailTypes?.join(" ") ?? null,
    key: client.key,
    type: client.type,
    mode: client.mode,
    name: client.name,
    homepageUrl: client.homepageUrl,
    policyUri: client.policyUri,
    tosUri: client.tosUri,
    supportUrl: client.supportUrl,
    description: client.description,
    scopes: storedAs(client),
    requirePar: client.requirePar ? 1 : 0,
    backchannelLogoutUri: client.backchannelLogoutUri,
    createdMs: tx.now,
    updatedMs: tx.now,
    idTokenAlg: client.idTokenAlg,
    dpopBound: client.dpopBound ? 1 : 0,
    review: client.review,
  })
}

export function updateClient(
  tx: Tx,
  id: number,
  set: { source: Client["source"]; name: string; description: string | null; scopes: Scope[] } & ClientLinks &
    ClientFlow,
): void {
  tx.run(
    `UPDATE oauth_clients SET name = ?, homepage_url = ?, policy_uri = ?, tos_uri = ?, support_url = ?, description = ?, scopes = ?,
       id_token_alg = ?, dpop_bound = ?, require_par = ?, backchannel_logout_uri = ?, device_flow = ?, detail_types = ?, updated_ms = ? WHERE id = ?`,
    set.name,
    set.homepageUrl,
    set.policyUri,
    set.tosUri,
    set.supportUrl,
    set.description,
    storedAs(set),
    set.idTokenAlg,
    set.dpopBound ? 1 : 0,
    set.requirePar ? 1 : 0,
    set.backchannelLogoutUri,
    set.deviceFlow ? 1 : 0,
    set.detailTypes?.join(" ") ?? null,
    tx.now,
    id,
  )
}

/** Where it may send people: after signing in, and after signing out. */
export function replaceUris(
  tx: Tx,
  clientId: number,
  to: Readonly<Record<"redirectUris" | "postLogoutUris", readonly string[]>>,
): void {
  tx.run("DELETE FROM oauth_redirect_uris WHERE client_id = ?", clientId)
  for (const uri of to.redirectUris) insertRow(tx, redirectUris, { clientId, uri })
  tx.run("DELETE FROM oauth_post_logout_uris WHERE client_id = ?", clientId)
  for (const uri of to.postLogoutUris) insertRow(tx, postLogoutUris, { clientId, uri })
}

/** Each suspension begins a new epoch: access tokens of the one before stay dead when it is lifted. */
export function setSuspended(tx: Tx, id: number, reason: string | null): { epoch: number } {
  const suspends = reason !== null
  return tx.get<{ epoch: number }>(
    `UPDATE oauth_clients SET suspended_ms = ?, suspended_reason = ?, token_epoch = token_epoch + ?, updated_ms = ?
     WHERE id = ? RETURNING token_epoch AS epoch`,
    suspends ? tx.now : null,
    reason,
    suspends ? 1 : 0,
    tx.now,
    id,
  )!
}
