// Signing keys: of each algorithm one signs, one is published to sign next, retired ones verify until their last token is over. Owns every
// private key in memory; at rest they are sealed (DESIGN §7). No algorithm is ever taken from a token: a key has one.
import { type JWTPayload, SignJWT } from "jose"
import { AppError, ensure, invariant } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { OauthDeps } from "../types.ts"
import { ACCESS_TOKEN_ALG, SIGNING_ALGS, type SigningAlg } from "./algs.ts"
import { insertSealed, type LoadedKey, loadKey, type MadeKey, makeFirst, makeSet } from "./make.ts"
import { distrustRetired, hasKeysOf, promote, retire, type SigningKeyRow, signingKeys } from "./store.ts"

export interface VerifyingKey {
  readonly publicKey: CryptoKey
  readonly alg: SigningAlg
}

/** A key as the operator sees it. */
export interface SigningKeyView {
  kid: string
  alg: SigningAlg
  /** `retired` verifies what it signed before; `over` verifies nothing. */
  state: "active" | "next" | "retired" | "over"
  /** Since when it is that, ms. */
  sinceMs: number
  /** Withdrawn at once, because others may have it. */
  isCompromised: boolean
}

export interface SigningKeys {
  /** Signs with the active key; `typ` tells access, ID and logout tokens apart. */
  sign(payload: JWTPayload, typ: "at+jwt" | "JWT" | "logout+jwt", alg?: SigningAlg): Promise<string>
  /** The key that may verify a token now, or null. `past` also finds keys retired long ago (expired id_token_hint). */
  find(kid: string, past?: boolean): VerifyingKey | null
  /** Grows when keys are withdrawn at once: what was verified before is to be verified anew. */
  readonly generation: number
  jwks(): { keys: Record<string, unknown>[] }
  list(): SigningKeyView[]
  /** How long the active keys have signed, ms. */
  readonly ageMs: number
  rotate(ctx: WriteContext, force: boolean): Promise<{ kid: string }>
  /** Takes every key out of use at once; `held`: the replica has the new ones. */
  withdraw(ctx: WriteContext): Promise<{ kid: string; held: boolean }>
}

type Deps = Pick<OauthDeps, "store" | "clock" | "keyring" | "firstPairs" | "replicaHolds">

/** Loads the keys; an algorithm without any gets its first pair. */
export async function loadKeys(deps: Deps): Promise<SigningKeys> {
  const { store, keyring } = deps
  const lacking = SIGNING_ALGS.filter((alg) => !hasKeysOf(store.read, alg))
  if (lacking.length > 0) await makeFirstKeys(deps, lacking)
  return new Ring(deps, await Promise.all(signingKeys(store.read).map((row) => loadKey(row, keyring))))
}

async function makeFirstKeys({ store, keyring, firstPairs }: Deps, algs: readonly SigningAlg[]): Promise<void> {
  const pairs = await Promise.all(algs.map((alg) => makeFirst(alg, firstPairs)))
  const ctx = { actor: "system:boot", requestId: "boot", reason: "first signing keys" }
  await store.write(ctx, (tx) => {
    for (const [active, next] of pairs) {
      insertSealed(tx, keyring, active, "active")
      insertSealed(tx, keyring, next, "next")
    }
  })
}

class Ring implements SigningKeys {
  generation = 0
  private keys = new Map<string, LoadedKey>()
  private readonly active = new Map<SigningAlg, LoadedKey>()

  constructor(
    private readonly deps: Deps,
    loaded: LoadedKey[],
  ) {
    this.adopt(loaded)
  }

  sign(payload: JWTPayload, typ: "at+jwt" | "JWT" | "logout+jwt", alg = ACCESS_TOKEN_ALG): Promise<string> {
    const { kid, privateKey } = this.active.get(alg)!
    return new SignJWT(payload).setProtectedHeader({ alg, kid, typ }).sign(privateKey!)
  }

  find(kid: string, past = false): VerifyingKey | null {
    const key = this.keys.get(kid)
    if (!key || key.row.compromisedMs !== null) return null
    return past || this.isPublished(key) ? key : null
  }

  jwks() {
    const published = [...this.keys.values()].filter((key) => this.isPublished(key))
    return { keys: published.map(({ publicJwk, kid, alg }) => ({ ...publicJwk, kid, use: "sig", alg })) }
  }

  list(): SigningKeyView[] {
    return [...this.keys.values()].map((key) => this.viewOf(key))
  }

  get ageMs(): number {
    const { row } = this.active.get(ACCESS_TOKEN_ALG)!
    return this.deps.clock.now() - row.activeMs!
  }

  async rotate(ctx: WriteContext, force: boolean): Promise<{ kid: string }> {
    const { store } = this.deps
    if (!force) {
      requireKnown(signingKeys(store.read), this.deps.clock.now())
      // A server that takes over would not have it, and nobody could verify what it had signed.
      ensure(
        (await this.held()) !== "late",
        "unavailable",
        "The copy elsewhere does not have the next key yet, so nothing was changed. Look at the replica, then try again.",
      )
    }
    // Made before the commit, so that memory can change in the same turn as the database.
    const made = await makeSet()
    await store.write(ctx, (tx) => {
      if (!force) requireKnown(signingKeys(tx), tx.now)
      this.turnIn(tx, made)
      this.rememberIn(tx, made)
      auditIn(tx, { action: "signing_keys.rotated", subject: activeOf(tx).kid, after: { next: made[0]!.kid } })
    })
    return { kid: this.active.get(ACCESS_TOKEN_ALG)!.kid }
  }

  async withdraw(ctx: WriteContext): Promise<{ kid: string; held: boolean }> {
    const { store, keyring } = this.deps
    // Whoever has the active key may have the one beside it: both go. The new one is first made to wait, until the replica has it.
    const waiting = await makeSet()
    await store.write(ctx, (tx) => {
      retire(tx, "next")
      for (const key of waiting) insertSealed(tx, keyring, key, "next")
      this.rememberIn(tx, waiting)
    })
    // The time that it waits for is short; a replica that is away must not keep a stolen key in use.
    const held = (await this.held()) !== "late"
    const made = await makeSet()
    await store.write(ctx, (tx) => {
      const old = activeOf(tx).kid
      this.turnIn(tx, made)
      distrustRetired(tx)
      this.rememberIn(tx, made)
      auditIn(tx, { action: "signing_keys.withdrawn", subject: old, after: { active: activeOf(tx).kid } })
      tx.afterCommit(() => void this.generation++)
    })
    return { kid: this.active.get(ACCESS_TOKEN_ALG)!.kid, held }
  }

  private held() {
    return this.deps.replicaHolds?.() ?? Promise.resolve("off" as const)
  }

  /** The next keys sign, and these are the next. */
  private turnIn(tx: Tx, made: readonly MadeKey[]): void {
    retire(tx, "active")
    promote(tx)
    for (const key of made) insertSealed(tx, this.deps.keyring, key, "next")
  }

  private rememberIn(tx: Tx, made: readonly MadeKey[]): void {
    const rows = new Map(signingKeys(tx).map((row) => [row.kid, row]))
    const known = made.map(({ privateJwk: _sealed, ...key }) => key)
    tx.afterCommit(() =>
      this.adopt(
        [...this.keys.values(), ...known].map((key) => {
          const row = rows.get(key.kid)!
          return { ...key, row, privateKey: row.state === "retired" ? null : key.privateKey }
        }),
      ),
    )
  }

  private adopt(loaded: LoadedKey[]): void {
    this.keys = new Map(loaded.map((key) => [key.kid, key]))
    for (const alg of SIGNING_ALGS) {
      const active = loaded.find((key) => key.alg === alg && key.row.state === "active")
      invariant(active?.privateKey, `there is an active ${alg} key`)
      this.active.set(alg, active)
    }
  }

  private isPublished({ row }: LoadedKey): boolean {
    if (row.compromisedMs !== null) return false
    return row.retiredMs === null || this.deps.clock.now() < row.retiredMs + OAUTH_LIMITS.retiredKeyMs
  }

  private viewOf(key: LoadedKey): SigningKeyView {
    const { kid, alg, row } = key
    const shown = { kid, alg, isCompromised: row.compromisedMs !== null }
    if (row.state === "active") return { ...shown, state: "active", sinceMs: row.activeMs! }
    if (row.state === "next") return { ...shown, state: "next", sinceMs: row.createdMs }
    if (this.isPublished(key)) return { ...shown, state: "retired", sinceMs: row.retiredMs! }
    const sinceMs = row.compromisedMs ?? row.retiredMs! + OAUTH_LIMITS.retiredKeyMs
    return { ...shown, state: "over", sinceMs }
  }
}

const activeOf = (tx: Tx): SigningKeyRow =>
  signingKeys(tx).find(({ alg, state }) => alg === ACCESS_TOKEN_ALG && state === "active")!

/** @throws AppError conflict while verifiers may hold a list of keys without the next ones */
function requireKnown(rows: readonly SigningKeyRow[], nowMs: number): void {
  // No list was ever without the ones that were made with the very first.
  const firstMs = Math.min(...rows.map(({ createdMs }) => createdMs))
  const newestMs = Math.max(...rows.filter(({ state }) => state === "next").map(({ createdMs }) => createdMs))
  const readyMs = newestMs + OAUTH_LIMITS.jwksCacheMs
  if (newestMs === firstMs || nowMs >= readyMs) return
  throw new AppError("conflict", "The next key is too new; apps may not know it yet. Try again later.", {
    retryAfterSeconds: Math.ceil((readyMs - nowMs) / 1_000),
  })
}
