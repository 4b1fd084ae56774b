// Register, edit, suspend clients. Every act that matters leaves an audit row.
import { AppError, ensure, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { houseNameIn } from "../../brand/index.ts"
import type { Tx } from "../../store/index.ts"
import { emitIn } from "../../webhooks/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { SCOPES } from "../scopes.ts"
import { APP_REVIEWS } from "../settings.ts"
import type {
  AppReviewState,
  Client,
  ClientFlow,
  ClientLinks,
  ClientSource,
  Mode,
  OwnerFilter,
  RegisterClient,
  UpdateClient,
} from "../types.ts"
import { CONSOLE_KEY, checkClient } from "./rules.ts"
import { newSecretIn } from "./secrets.ts"
import * as rows from "./store.ts"

export const PLAIN: ClientLinks & ClientFlow = {
  homepageUrl: null,
  policyUri: null,
  tosUri: null,
  supportUrl: null,
  deviceFlow: false,
  detailTypes: null,
  requirePar: false,
  postLogoutUris: [],
  backchannelLogoutUri: null,
  idTokenAlg: "RS256",
  dpopBound: false,
}

export function registerClientIn(core: Core, tx: Tx, input: RegisterClient): { client: Client; secret: string | null } {
  ensure(
    (input.type === "first-party") === (input.ownerId === null),
    "forbidden",
    "First-party apps belong to the appliance; all others need an owner.",
  )
  if (input.ownerId !== null && rows.countClientsOf(tx, input.ownerId) >= OAUTH_LIMITS.clientsPerOwnerMax) {
    throw new AppError("conflict", `You have ${OAUTH_LIMITS.clientsPerOwnerMax} apps, the most one developer can have.`)
  }
  const form = checkClient({ ...PLAIN, description: null, ...input }, { house: houseNameIn(tx) })
  const source = input.type === "first-party" ? "appliance" : "developer"
  const review = source === "developer" && core.setting(APP_REVIEWS) === "wanted" ? "draft" : null
  const of = { source, ownerId: input.ownerId, mode: input.mode ?? "live", key: null, review } as const
  const client = insertIn(core, tx, { ...form, ...of })
  const secret = client.type === "public" ? null : newSecretIn(core, tx, client).secret
  auditIn(tx, { action: "client.registered", subject: client.publicId, after: summary(client) })
  return { client, secret }
}

export function ensureFirstPartyIn(
  core: Core,
  tx: Tx,
  input: { key: string; name: string; redirectUris: string[] },
): Client {
  const given = { ...input, type: "first-party" as const, scopes: [...SCOPES], description: null, ...PLAIN }
  const form = checkClient({ ...given, homepageUrl: core.issuer }, { house: houseNameIn(tx) }, true)
  const known = rows.clientByKey(tx, input.key)
  if (!known) return insertIn(core, tx, { ...form, source: "appliance", ownerId: null, mode: "live", key: input.key })
  rows.updateClient(tx, known.id, { ...form, source: known.source })
  rows.replaceUris(tx, known.id, form)
  return rows.clientById(tx, known.id)!
}

export function updateClientIn(_core: Core, tx: Tx, input: UpdateClient): Client {
  const before = ownedIn(tx, input.ownerId, input.clientPublicId)
  notConsoleIn(tx, before)
  const { ownerId: _owner, clientPublicId: _client, ...given } = input
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const form = checkClient({ ...before, ...(set as Partial<Client>) }, { house: houseNameIn(tx), kept: before.name })
  rows.updateClient(tx, before.id, { ...form, source: before.source })
  rows.replaceUris(tx, before.id, form)
  const after = rows.clientById(tx, before.id)!
  auditIn(tx, { action: "client.updated", subject: after.publicId, before: summary(before), after: summary(after) })
  return after
}

export function setReviewIn(tx: Tx, input: { clientPublicId: string; review: AppReviewState }): void {
  rows.saveReview(tx, ownedIn(tx, "any", input.clientPublicId).id, input.review)
}

/** Effective before the caller hears of it: memory changes right after the commit, bodies re-read the row. */
export function setSuspendedIn(core: Core, tx: Tx, input: { clientPublicId: string; reason: string | null }): void {
  const client = ownedIn(tx, "any", input.clientPublicId)
  notConsoleIn(tx, client)
  ensure(client.removedMs === null, "conflict", "This app was removed.")
  ensure(client.endsMs === null || input.reason !== null, "conflict", "Its developer deleted this app.")
  // From now on it is the operator's: bringing it back would open it again.
  if (client.endsMs !== null) rows.saveEnd(tx, client.id, null)
  forgetIn(core, tx, client, input.reason)
  const suspend = input.reason !== null
  auditIn(tx, {
    action: suspend ? "client.suspended" : "client.unsuspended",
    subject: client.publicId,
    before: { reason: client.suspendedReason },
    after: { reason: input.reason },
  })
  const about = { app: client, subject: client.publicId }
  if (input.reason !== null) emitIn(tx, { type: "app.suspended", ...about, data: { reason: input.reason } })
  else emitIn(tx, { type: "app.reinstated", ...about, data: {} })
}

/** Made anew at each start from the settings; and shut, nobody could open it again. */
function notConsoleIn(tx: Tx, client: Client): void {
  const isConsole = rows.clientByKey(tx, CONSOLE_KEY)?.id === client.id
  ensure(!isConsole, "conflict", "This is the console itself. It is made of the server’s settings.")
}

/** In rows, and in memory before the caller hears of it. @param reason null: it may come back */
export function forgetIn(core: Core, tx: Tx, client: Client, reason: string | null): void {
  const { epoch } = rows.setSuspended(tx, client.id, reason)
  tx.afterCommit(() => {
    core.revoked.epochs.set(client.id, epoch)
    if (reason !== null) core.revoked.clients.add(client.id)
    else core.revoked.clients.delete(client.id)
  })
}

export function ownedIn(tx: Tx, ownerId: OwnerFilter, publicId: string): Client {
  const client = rows.clientByPublicId(tx, publicId)
  if (!client || (ownerId !== "any" && client.ownerId !== ownerId)) {
    throw new AppError("not_found", "There is no such app.")
  }
  return client
}

export function insertIn(
  core: Core,
  tx: Tx,
  form: ReturnType<typeof checkClient> & {
    source: ClientSource
    ownerId: UserId | null
    mode: Mode
    key: string | null
    review?: Client["review"]
  },
): Client {
  const id = rows.insertClient(tx, { review: null, ...form, publicId: core.ids.next("cli") })
  rows.replaceUris(tx, id, form)
  return rows.clientById(tx, id)!
}

export const summary = (client: Client) => ({
  name: client.name,
  type: client.type,
  redirectUris: client.redirectUris,
  scopes: client.scopes,
  homepageUrl: client.homepageUrl,
  policyUri: client.policyUri,
  tosUri: client.tosUri,
  supportUrl: client.supportUrl,
  description: client.description,
  idTokenAlg: client.idTokenAlg,
  dpopBound: client.dpopBound,
  requirePar: client.requirePar,
  postLogoutUris: client.postLogoutUris,
  backchannelLogoutUri: client.backchannelLogoutUri,
  deviceFlow: client.deviceFlow,
})
