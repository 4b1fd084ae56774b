// People's own keys as calls need them: in memory by person, opened for the call that uses them. The rows are read anew for a person
// after each change of theirs, between the commit and the answer: a key that was deleted is asked no more.
import type { Keyring, Log, UserId } from "../../app/index.ts"
import type { SealedColumn } from "../../part/index.ts"
import type { OrmReader } from "../../store/index.ts"
import type { Caller, Candidate, PersonalKey, ReadyUpstream, Routing, UpstreamTraits } from "../types.ts"
import type { Registry } from "../upstreams/registry.ts"
import { openedFrom } from "./opened.ts"
import { OWN_PROVIDERS, type OwnProvider, ownProvider } from "./providers.ts"
import { allKeys, type KeyRow, keyOf, keysOf, usesCredits, whoUseCredits } from "./store.ts"

export const SEALED_PROVIDER_KEYS: SealedColumn = {
  what: "people’s own keys at providers",
  table: "provider_keys",
  blob: "key_sealed",
  assign: "key_sealed = ?",
  purpose: "provider_keys",
  columns: ["public_id"],
  place: (publicId) => `provider_keys:key_sealed:${publicId}`,
}

/** An account of a person's has no limits that we know of, and nobody drains it. */
export const FREELY: Routing = {
  weight: 1,
  priority: 0,
  isDraining: false,
  requestsPerMinute: null,
  tokensPerMinute: null,
}

export const labelOf = ({ provider, hint }: Pick<KeyRow, "provider" | "hint">): string =>
  `${ownProvider(provider)?.label ?? provider} key …${hint}`

interface KeyRingDeps {
  keyring: Keyring
  log: Log
  reader: OrmReader
  registry: Pick<Registry, "provider">
}

export class KeyRing {
  private readonly byUser = new Map<UserId, readonly KeyRow[]>()
  private readonly onCredits = new Set<UserId>()
  private readonly alive = new Set<string>()
  /** What was learned of a provider's servers through people's keys; what those of one account answer says nothing of the operator's. */
  private readonly traits = new Map<string, UpstreamTraits>()

  private constructor(private readonly deps: KeyRingDeps) {}

  /** With everybody's keys. */
  static of(deps: KeyRingDeps): KeyRing {
    const ring = new KeyRing(deps)
    const rows = Map.groupBy(allKeys(deps.reader), ({ userId }) => userId)
    for (const [userId, keys] of rows) ring.keep(userId, keys)
    for (const userId of whoUseCredits(deps.reader)) ring.onCredits.add(userId)
    return ring
  }

  /** Reads one person's anew. */
  reload(userId: UserId): void {
    const { reader } = this.deps
    this.keep(userId, keysOf(reader, userId))
    if (usesCredits(reader, userId)) this.onCredits.add(userId)
    else this.onCredits.delete(userId)
  }

  useCredits(userId: UserId): boolean {
    return this.onCredits.has(userId)
  }

  /**
   * The same candidates with the caller's own keys, each in its order. Empty for whoever has none there, for teams' wallets and in
   * test mode; what the house sells at its own price is asked at the house's accounts.
   */
  candidatesFor(caller: Pick<Caller, "userId" | "payer" | "mode">, candidates: readonly Candidate[]): Candidate[] {
    const rows = this.byUser.get(caller.userId)
    if (!rows || caller.mode !== "live" || caller.payer.id !== caller.userId) return []
    const asked = new Set<string>()
    return candidates.flatMap((candidate) => {
      const { upstream, model } = candidate
      const provider = candidate.sale ? null : this.providerOf(upstream)
      // Several accounts of the operator's at one provider are one place to ask a person's key.
      if (!provider || asked.has(`${provider.id} ${model}`)) return []
      asked.add(`${provider.id} ${model}`)
      return rows
        .filter((row) => row.provider === provider.id)
        .flatMap((row) => {
          const own = this.upstreamOf(row, provider, upstream)
          return own ? [{ ...candidate, upstream: own }] : []
        })
    })
  }

  /** Whether there is such a key, of anybody. */
  knows(publicId: string): boolean {
    return this.alive.has(publicId)
  }

  /** A key that something was begun with, whatever its person's plan says by now. Null: it was deleted, or cannot be opened. */
  at(userId: UserId, publicId: string, like: ReadyUpstream): ReadyUpstream | null {
    const row = this.byUser.get(userId)?.find((one) => one.publicId === publicId)
    const place = row && ownProvider(row.provider)
    const provider = place && this.deps.registry.provider(place.kind)
    return row && place && provider ? this.upstreamOf(row, place, { ...like, provider }) : null
  }

  open({ userId, publicId, keySealed }: KeyRow): string | null {
    const { keyring, reader } = this.deps
    return openedFrom(this.deps.log, keyring, SEALED_PROVIDER_KEYS, publicId, keySealed, () => {
      this.reload(userId)
      return keyOf(reader, userId, publicId)?.keySealed ?? null
    })
  }

  /** Whose account an upstream of the operator's is one of; null for servers that people have no accounts at. */
  private providerOf({ provider, account }: ReadyUpstream): OwnProvider | null {
    const { registry } = this.deps
    const isOf = (one: OwnProvider) => one.baseUrl === account.baseUrl && registry.provider(one.kind) === provider
    return OWN_PROVIDERS.find(isOf) ?? null
  }

  /** Of `like` only what says how its kind is asked: address and key are the person's. */
  private upstreamOf(row: KeyRow, { id, baseUrl }: OwnProvider, like: ReadyUpstream): ReadyUpstream | null {
    const apiKey = this.open(row)
    if (apiKey === null) return null
    const personal: PersonalKey = {
      kind: "own",
      publicId: row.publicId,
      label: labelOf(row),
      isAlive: () => this.alive.has(row.publicId),
    }
    return { ...like, account: { baseUrl, apiKey }, traits: this.traitsOf(id), routing: FREELY, personal }
  }

  private keep(userId: UserId, rows: readonly KeyRow[]): void {
    for (const { publicId } of this.byUser.get(userId) ?? []) this.alive.delete(publicId)
    for (const { publicId } of rows) this.alive.add(publicId)
    if (rows.length === 0) this.byUser.delete(userId)
    else this.byUser.set(userId, rows)
  }

  private traitsOf(provider: string): UpstreamTraits {
    const known = this.traits.get(provider)
    if (known) return known
    const fresh: UpstreamTraits = { quirks: new Set(), hasAnswered: false, outputMaxima: new Map() }
    this.traits.set(provider, fresh)
    return fresh
  }
}
