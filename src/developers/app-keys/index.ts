// The door of app secret keys: made and revoked on the page of an app, shown by the app's server with each request. When each was last
// used is gathered in memory and written together, so that no request writes for itself.
import { AppError, DAY_MS, ensure, isSecret, mintSecret, sha256Hex } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { Tx } from "../../store/index.ts"
import { emitIn } from "../../webhooks/index.ts"
import { APP_KEY_LIMITS as L } from "./limits.ts"
import { isAppKey, reportIn } from "./report.ts"
import { APP_KEY_PREFIX, appKeyScopes, assertUsable, cleanAppKey } from "./rules.ts"
import * as rows from "./store.ts"
import type { AppCaller, AppKey, AppKeyInput, AppKeyRef, AppKeyScope, AppKeys, AppKeysDeps } from "./types.ts"

export { APP_KEY_LIMITS } from "./limits.ts"
export { appKeyReported } from "./mails.ts"
export { APP_KEY_SCOPES, isAppSecret } from "./rules.ts"
export type * from "./types.ts"

const CTX = { actor: "system:app-keys", requestId: "job:app-key-uses", reason: "app secret keys were used" }

export function createAppKeys(deps: AppKeysDeps): AppKeys {
  const { store, clock } = deps
  let used = new Map<number, number>()
  return {
    of: (clientId) =>
      rows.keysOf(store.read, clientId).map(({ id, ...key }) => ({ ...key, usedMs: used.get(id) ?? key.usedMs })),
    createIn: (tx, input) => createIn(deps, tx, input),
    create: (ctx, input) => store.write(ctx, (tx) => createIn(deps, tx, input)),
    revokeIn: (tx, ref) => revokeIn(deps, tx, ref),
    authenticate(secret, scope) {
      const caller = authenticate(deps, secret, scope)
      used.set(caller.keyId, clock.now())
      return caller
    },
    requireIn: (tx, caller, scope) => requireIn(deps, tx, caller, scope),
    async report(ctx, found) {
      const alike = found.filter(isAppKey)
      if (alike.length > 0) await store.write(ctx, (tx) => reportIn(deps, tx, alike))
    },
    async flushUses() {
      const waiting = used
      if (waiting.size === 0) return 0
      used = new Map()
      try {
        await store.write(CTX, (tx) => {
          for (const [id, atMs] of waiting) rows.saveUse(tx, id, atMs)
        })
        return waiting.size
      } catch (error) {
        used = new Map([...waiting, ...used])
        throw error
      }
    },
    sweepIn: (tx, most) => rows.deleteRevokedBefore(tx, tx.now - L.revokedKeptMs, most),
  }
}

/** Of an app that another developer has now; whoever listened is gone as well. */
export function revokeAllIn(tx: Tx, client: Client): void {
  for (const { publicId, name } of rows.keysOf(tx, client.id))
    auditIn(tx, { action: "app_key.revoked", subject: client.publicId, before: { key: publicId, name } })
  rows.revokeKeysOf(tx, client.id)
}

/** Another developer's app is not there. @throws AppError not_found */
function ownApp({ oauth }: AppKeysDeps, { ownerId, clientPublicId }: Pick<AppKeyRef, "ownerId" | "clientPublicId">) {
  const client = oauth.clientByPublicId(clientPublicId)
  ensure(client && client.ownerId === ownerId && client.removedMs === null, "not_found", "You have no such app.")
  return client
}

function createIn(deps: AppKeysDeps, tx: Tx, input: AppKeyInput): { secret: string; key: AppKey } {
  deps.identity.requireActiveIn(tx, input.ownerId)
  const client = ownApp(deps, input)
  const terms = cleanAppKey(input, tx.now)
  ensure(
    rows.keysOf(tx, client.id).length < L.keysMax,
    "conflict",
    `An app has at most ${L.keysMax} secret keys. Revoke one first.`,
  )
  ensure(
    rows.madeSince(tx, client.id, tx.now - DAY_MS) < L.madePerDayMax,
    "conflict",
    `${L.madePerDayMax} keys were made for this app within a day, the most there may be. Try again tomorrow.`,
  )
  const secret = mintSecret(APP_KEY_PREFIX, client.mode)
  const publicId = deps.ids.next("apk")
  const hint = `${secret.slice(0, `${APP_KEY_PREFIX}_live_`.length + 4)}…${secret.slice(-4)}`
  const row = { publicId, ...terms, hint }
  rows.insertKey(tx, { ...row, clientId: client.id, userId: input.ownerId, hash: sha256Hex(secret) })
  auditIn(tx, { action: "app_key.created", subject: client.publicId, after: { key: publicId, ...terms } })
  const { name, scopes } = terms
  emitIn(tx, { type: "app_key.created", app: client, subject: publicId, data: { key: publicId, name, scopes } })
  return { secret, key: { ...row, createdMs: tx.now, usedMs: null } }
}

function revokeIn(deps: AppKeysDeps, tx: Tx, ref: AppKeyRef): AppKey {
  const client = ownApp(deps, ref)
  const found = rows.keysOf(tx, client.id).find(({ publicId }) => publicId === ref.keyPublicId)
  ensure(found && rows.revokeKey(tx, found.id), "not_found", "This app has no such key.")
  const { id: _, ...key } = found
  const said = { key: key.publicId, name: key.name }
  auditIn(tx, { action: "app_key.revoked", subject: client.publicId, before: said })
  emitIn(tx, { type: "app_key.revoked", app: client, subject: key.publicId, data: said })
  return key
}

function authenticate(deps: AppKeysDeps, secret: string, scope: AppKeyScope): AppCaller {
  // A look-alike costs neither a hash nor a read; no secret is compared, so that time tells nothing of one.
  if (!isSecret(secret, APP_KEY_PREFIX))
    throw new AppError(
      "invalid_api_key",
      "This takes an app secret key, which begins with app_live_ or app_test_. Check that nothing of it is missing.",
    )
  const found = rows.keyByHash(deps.store.read, sha256Hex(secret))
  const client = found && deps.oauth.clientById(found.clientId)
  if (!client || client.removedMs !== null)
    throw new AppError(
      "invalid_api_key",
      "This app secret key is not valid. This server never made it, or its app is gone.",
    )
  assertOwner(deps, client)
  assertUsable(found, deps.clock.now())
  return { client, keyId: found.id, scopes: requireScope(found.scopes, scope) }
}

function requireScope(stored: string, scope: AppKeyScope): ReadonlySet<AppKeyScope> {
  const scopes = new Set(appKeyScopes(stored.split(" ")))
  const words = `This app secret key lacks the permission \`${scope}\`. Make one that has it.`
  ensure(scopes.has(scope), "insufficient_scope", words)
  return scopes
}

function requireIn(deps: AppKeysDeps, tx: Tx, { client, keyId }: AppCaller, scope: AppKeyScope): void {
  const key = rows.keyById(tx, keyId)
  const app = deps.oauth.clientIn(tx, client.publicId)
  const isThere = key && app && app.removedMs === null && app.ownerId === client.ownerId
  ensure(isThere, "invalid_api_key", "This app secret key is not valid. Its app is gone.")
  assertOwner(deps, app)
  if (app.ownerId !== null) deps.identity.requireActiveIn(tx, app.ownerId)
  assertUsable(key, tx.now)
  requireScope(key.scopes, scope)
}

/** Suspension first: it is what the developer has to hear. */
function assertOwner({ identity }: AppKeysDeps, client: Client): void {
  if (client.suspendedMs !== null) throw new AppError("client_suspended", "This app is suspended.")
  if (client.ownerId !== null && identity.isSuspended(client.ownerId))
    throw new AppError("account_suspended", "The account of this app's developer is suspended.")
}
