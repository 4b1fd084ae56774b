// Register, edit, suspend clients; make and revoke their secrets. Every act that matters leaves an audit row.
import { AppError, ensure, mintSecret, sha256Hex, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { SCOPES } from "../scopes.ts"
import type {
  Client,
  ClientLinks,
  ClientSecret,
  ClientTokens,
  Mode,
  OwnerFilter,
  RegisterClient,
  UpdateClient,
} from "../types.ts"
import { checkClient } from "./rules.ts"
import * as rows from "./store.ts"

const NO_LINKS: ClientLinks = { homepageUrl: null, policyUri: null, tosUri: null }
const USUAL_TOKENS: ClientTokens = { idTokenAlg: "RS256", dpopBound: false }

export function registerClientIn(core: Core, tx: Tx, input: RegisterClient): { client: Client; secret: string | null } {
  ensure(
    (input.type === "first-party") === (input.ownerId === null),
    "forbidden",
    "First-party apps belong to the appliance; all others need an owner.",
  )
  if (input.ownerId !== null && rows.countClientsOf(tx, input.ownerId) >= OAUTH_LIMITS.clientsPerOwnerMax) {
    throw new AppError("conflict", `You have ${OAUTH_LIMITS.clientsPerOwnerMax} apps, the most one developer can have.`)
  }
  const form = checkClient({ ...NO_LINKS, ...USUAL_TOKENS, ...input })
  const client = insertIn(core, tx, { ...form, ownerId: input.ownerId, mode: input.mode ?? "live", key: null })
  const secret = client.type === "public" ? null : newSecretIn(core, tx, client).secret
  auditIn(tx, { action: "client.registered", subject: client.publicId, after: summary(client) })
  return { client, secret }
}

export function ensureFirstPartyIn(
  core: Core,
  tx: Tx,
  input: { key: string; name: string; redirectUris: string[] },
): Client {
  const form = checkClient({
    ...input,
    type: "first-party",
    scopes: [...SCOPES],
    ...NO_LINKS,
    ...USUAL_TOKENS,
    homepageUrl: core.issuer,
  })
  const known = rows.clientByKey(tx, input.key)
  if (!known) return insertIn(core, tx, { ...form, ownerId: null, mode: "live", key: input.key })
  rows.updateClient(tx, known.id, form)
  rows.replaceRedirectUris(tx, known.id, form.redirectUris)
  return rows.clientById(tx, known.id)!
}

export function updateClientIn(_core: Core, tx: Tx, input: UpdateClient): Client {
  const before = ownedIn(tx, input.ownerId, input.clientPublicId)
  const form = checkClient({
    type: before.type,
    name: input.name ?? before.name,
    redirectUris: input.redirectUris ?? before.redirectUris,
    scopes: input.scopes ?? before.scopes,
    homepageUrl: input.homepageUrl === undefined ? before.homepageUrl : input.homepageUrl,
    policyUri: input.policyUri === undefined ? before.policyUri : input.policyUri,
    tosUri: input.tosUri === undefined ? before.tosUri : input.tosUri,
    idTokenAlg: input.idTokenAlg ?? before.idTokenAlg,
    dpopBound: input.dpopBound ?? before.dpopBound,
  })
  rows.updateClient(tx, before.id, form)
  rows.replaceRedirectUris(tx, before.id, form.redirectUris)
  const after = rows.clientById(tx, before.id)!
  auditIn(tx, { action: "client.updated", subject: after.publicId, before: summary(before), after: summary(after) })
  return after
}

export function addSecretIn(
  core: Core,
  tx: Tx,
  input: { ownerId: OwnerFilter; clientPublicId: string },
): { secret: string; row: ClientSecret } {
  const client = ownedIn(tx, input.ownerId, input.clientPublicId)
  ensure(client.type !== "public", "invalid_request", "A public client has no secret; it proves itself by PKCE.")
  ensure(
    rows.secretsOf(tx, client.id).length < OAUTH_LIMITS.clientSecretsMax,
    "conflict",
    `An app has at most ${OAUTH_LIMITS.clientSecretsMax} secrets. Revoke an old one first.`,
  )
  const made = newSecretIn(core, tx, client)
  auditIn(tx, { action: "client.secret_added", subject: client.publicId, after: { secret: made.row.publicId } })
  return made
}

export function revokeSecretIn(
  _core: Core,
  tx: Tx,
  input: { ownerId: OwnerFilter; clientPublicId: string; secretPublicId: string },
): void {
  const client = ownedIn(tx, input.ownerId, input.clientPublicId)
  ensure(rows.revokeSecret(tx, client.id, input.secretPublicId), "not_found", "This app has no such secret.")
  auditIn(tx, { action: "client.secret_revoked", subject: client.publicId, before: { secret: input.secretPublicId } })
}

/** Effective before the caller hears of it: memory changes right after the commit, bodies re-read the row. */
export function setSuspendedIn(core: Core, tx: Tx, input: { clientPublicId: string; reason: string | null }): void {
  const client = ownedIn(tx, "any", input.clientPublicId)
  const { epoch } = rows.setSuspended(tx, client.id, input.reason)
  const suspend = input.reason !== null
  auditIn(tx, {
    action: suspend ? "client.suspended" : "client.unsuspended",
    subject: client.publicId,
    before: { reason: client.suspendedReason },
    after: { reason: input.reason },
  })
  tx.afterCommit(() => {
    core.revoked.epochs.set(client.id, epoch)
    if (suspend) core.revoked.clients.add(client.id)
    else core.revoked.clients.delete(client.id)
  })
}

function ownedIn(tx: Tx, ownerId: OwnerFilter, publicId: string): Client {
  const client = rows.clientByPublicId(tx, publicId)
  if (!client || (ownerId !== "any" && client.ownerId !== ownerId)) {
    throw new AppError("not_found", "There is no such app.")
  }
  return client
}

function insertIn(
  core: Core,
  tx: Tx,
  form: ReturnType<typeof checkClient> & { ownerId: UserId | null; mode: Mode; key: string | null },
): Client {
  const id = rows.insertClient(tx, { ...form, publicId: core.ids.next("cli") })
  rows.replaceRedirectUris(tx, id, form.redirectUris)
  return rows.clientById(tx, id)!
}

function newSecretIn(core: Core, tx: Tx, client: Client): { secret: string; row: ClientSecret } {
  const secret = mintSecret("cs", client.mode)
  const row = { publicId: core.ids.next("sec"), hint: secret.slice(-4), createdMs: tx.now }
  rows.insertSecret(tx, { publicId: row.publicId, clientId: client.id, hash: sha256Hex(secret), hint: row.hint })
  return { secret, row }
}

const summary = (client: Client) => ({
  name: client.name,
  type: client.type,
  redirectUris: client.redirectUris,
  scopes: client.scopes,
  homepageUrl: client.homepageUrl,
  policyUri: client.policyUri,
  tosUri: client.tosUri,
  idTokenAlg: client.idTokenAlg,
  dpopBound: client.dpopBound,
})
