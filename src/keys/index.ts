// The door of `keys`: a person's API keys. It knows no HTTP, no prices and no wallets.

import { editIn, revokeForIn, revokeIn, setDisabledIn } from "./change.ts"
import { assertAlive, createClaims, isKey, requireAdmin, requireKeyIn } from "./claims.ts"
import type { Core } from "./core.ts"
import { createIn, rollIn } from "./create.ts"
import { isWhole, reportIn } from "./report.ts"
import { spendOf, spentOn } from "./spend.ts"
import { anyKey, keyByPublicId, keysByIds, keysOf, keysToChoose } from "./store.ts"
import type { ApiKeyShown, Keys, KeysDeps } from "./types.ts"
import { Uses } from "./uses.ts"

export { KEY_LIMITS } from "./limits.ts"
export { keysPart } from "./part.ts"
export { ADMIN_SCOPES, cleanRanges, isAdminScope, KEY_SCOPES, rangeMatcher } from "./rules.ts"
export type { KeySpend } from "./spend.ts"
export { endingOf, keyStore, listOf, type ShownBeside } from "./store-shared.ts"
export type * from "./types.ts"

export function createKeys(deps: KeysDeps): Keys {
  const core: Core = { ...deps, changes: new Map() }
  const { store, clock } = deps
  const uses = new Uses(core)
  const claimsOf = createClaims(core)
  const withUse = (key: ApiKeyShown): ApiKeyShown => ({ ...key, lastUsedMs: uses.of(key.id) ?? key.lastUsedMs })
  return {
    createIn: (tx, input) => createIn(core, tx, input),
    create: (ctx, input) => store.write(ctx, (tx) => createIn(core, tx, input)),
    editIn: (tx, input) => editIn(core, tx, input),
    edit: (ctx, input) => store.write(ctx, (tx) => editIn(core, tx, input)),
    setDisabledIn: (tx, input) => setDisabledIn(core, tx, input),
    setDisabled: (ctx, input) => store.write(ctx, (tx) => setDisabledIn(core, tx, input)),
    revokeIn: (tx, input) => revokeIn(core, tx, input),
    revoke: (ctx, input) => store.write(ctx, (tx) => revokeIn(core, tx, input)),
    revokeForIn: (tx, by) => revokeForIn(core, tx, by),
    rollIn: (tx, input) => rollIn(core, tx, input),
    roll: (ctx, input) => store.write(ctx, (tx) => rollIn(core, tx, input)),
    of: (userId) => keysOf(store.read, userId, clock.now()).map(withUse),
    byPublicId(userId, keyPublicId) {
      const key = keyByPublicId(store.read, userId, keyPublicId, clock.now())
      return key && withUse(key)
    },
    spendOf: (userId) => spendOf(store.read, keysOf(store.read, userId, clock.now())),
    spentOn: (key, day) => spentOn(store.read, key, day),
    toChoose: (of, used) => keysToChoose(store.read, of, used),
    find: (keyPublicId) => anyKey(store.read, keyPublicId),
    named: (ids) => new Map(keysByIds(store.read, ids).map(({ id, ...key }) => [id, key])),

    isKey,
    claimsOf,
    assertAlive: (claims, address) => assertAlive(core, uses, claims, address),
    requireKeyIn: (tx, claims, scope) => requireKeyIn(core, tx, claims, scope),
    requireAdmin: (claims, scope) => requireAdmin(core, claims, scope),

    async report(ctx, found) {
      const alike = found.filter(isWhole)
      // What is no key costs no write; that much anybody can see of it by themselves.
      if (alike.length > 0) await store.write(ctx, (tx) => reportIn(core, tx, alike))
    },
    flushUses: () => uses.flush(),
    sumSpend: () => uses.foldAll(),
    async stop() {
      await uses.flush()
    },
  }
}
