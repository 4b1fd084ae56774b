// Which key a secret is of, and whether it counts. A secret is looked up once and remembered by hash until its key changes; whether it
// is alive is asked of what is remembered, and of the rows again inside every body that spends. No secret is compared: its SHA-256 is
// looked up, so that time tells nothing of it.
import { AppError, isSecret, Lru, sha256Hex } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { type Core, changesOf } from "./core.ts"
import { KEY_LIMITS as L } from "./limits.ts"
import { assertScope, assertUsable, KEY_PREFIX, rangeMatcher, stateOf } from "./rules.ts"
import { keyById, liveKeyRows, secretByHash } from "./store.ts"
import type { AdminScope, KeyClaims, KeyScope, LiveKey } from "./types.ts"
import type { Uses } from "./uses.ts"

/** What begins so claims to be one of our keys. */
export const isKey = (credential: string): boolean => credential.startsWith(`${KEY_PREFIX}_`)

interface Known {
  claims: KeyClaims
  changes: number
}

/** The lookup with its memory. */
export function createClaims(core: Core): (secret: string) => KeyClaims {
  const known = new Lru<Known>(L.knownSecretsMax)
  return (secret) => {
    // A look-alike costs neither a hash nor a read.
    if (secret.length > L.keyCharsMax || !isSecret(secret, KEY_PREFIX))
      throw invalid("It is not whole: check that nothing is missing.")
    const hash = sha256Hex(secret)
    const hit = known.get(hash)
    if (hit && hit.changes === changesOf(core, hit.claims.keyId)) return hit.claims
    const claims = readClaims(core, hash)
    known.set(hash, { claims, changes: changesOf(core, claims.keyId) })
    return claims
  }
}

function readClaims(core: Core, hash: string): KeyClaims {
  const { read } = core.store
  const found = secretByHash(read, hash)
  const key = found && keyById(read, found.keyId)
  const person = key && core.identity.userById(key.userId)
  if (!key || !person) throw invalid("This server never made it, or its account is gone.")
  return {
    keyId: key.id,
    keyPublicId: key.publicId,
    secretId: found.secretId,
    userId: key.userId,
    userPublicId: person.publicId,
    payerId: key.payerId,
    mode: key.mode,
    scopes: new Set(key.scopes),
    ...stateOf(key, found.endsMs),
    worksFrom: rangeMatcher(key.allowedIps),
  }
}

/** @see Keys.assertAlive */
export function assertAlive(core: Core, uses: Uses, claims: KeyClaims, address: () => string): void {
  const nowMs = core.clock.now()
  // Suspension first: it is what the person has to hear.
  if (core.identity.isSuspended(claims.userId)) throw new AppError("account_suspended", "This account is suspended.")
  assertUsable(claims, nowMs)
  if (claims.worksFrom !== null && !claims.worksFrom(address()))
    throw new AppError(
      "api_key_address_denied",
      "This API key does not work from your address. Its owner can add the address to the key.",
    )
  uses.note(claims.keyId, nowMs)
}

/** @see Keys.requireKeyIn */
export function requireKeyIn(core: Core, tx: Tx, claims: KeyClaims, scope?: KeyScope): LiveKey {
  const rows = liveKeyRows(tx, claims.keyId, claims.secretId)
  if (!rows) throw invalid("This server never made it, or its account is gone.")
  const { key, endsMs } = rows
  const { emailVerified } = core.identity.requireActiveIn(tx, key.userId)
  assertUsable(stateOf(key, endsMs), tx.now)
  if (scope) assertScope({ has: (one) => (key.scopes as string[]).includes(one) }, scope)
  return { dailyLimitNano: null, emailVerified }
}

/** @see Keys.requireAdmin */
export function requireAdmin(core: Core, claims: KeyClaims, scope: AdminScope): void {
  assertScope(claims.scopes, scope)
  if (!core.identity.userById(claims.userId)?.isAdmin)
    throw new AppError("forbidden", "The owner of this API key is no longer an admin.")
}

const invalid = (why: string): AppError => new AppError("invalid_api_key", `This API key is not valid. ${why}`)
