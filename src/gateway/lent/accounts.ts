// Accounts at OpenRouter that people get here: made once by the outbox, read, and deleted with their person. Their models are asked with
// that account first, then with the operator's; the price is the same.
import { AppError, ensure, type Keyring, type Log, limiter, type Nano, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { enqueueIn } from "../../outbox/index.ts"
import { type Delivery, type SealedColumn, sealIn } from "../../part/index.ts"
import type { Settings } from "../../settings/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"
import { openedFrom } from "../personal/opened.ts"
import { FREELY } from "../personal/ring.ts"
import type { KeyOwner } from "../personal/types.ts"
import type { Caller, Candidate, GatewayDeps, PersonalKey, ReadyUpstream, UpstreamTraits } from "../types.ts"
import { LENT_FREE_LIMIT } from "./settings.ts"
import {
  deleteLent,
  insertLent,
  type LentRow,
  lentRow,
  readyAfter,
  readyRows,
  updateLent,
  withoutOne,
} from "./store.ts"
import type { LentAccount } from "./types.ts"
import { type KeyThere, OPENROUTER_URL, type Provisioning } from "./wire.ts"

export const LENT_MAKE = "make-openrouter-account"
export const LENT_DELETE = "delete-openrouter-account"

export const SEALED_LENT_KEYS: SealedColumn = {
  what: "people’s accounts at OpenRouter",
  table: "openrouter_accounts",
  blob: "key_sealed",
  assign: "key_sealed = ?",
  purpose: "openrouter_accounts",
  columns: ["public_id"],
  place: (publicId) => `openrouter_accounts:key_sealed:${publicId}`,
}

/** What OpenRouter calls a key: an id of ours, which tells nobody who it is. */
const nameOf = (publicId: string): string => `purser ${publicId}`
/** Reads of one person a minute. */
const SYNC: limiter.WindowRule = { kind: "window", name: "sync", window: "minute", limit: 6 }
const PEOPLE_COUNTED = 10_000
const FREE_PLAN = "free"
const CTX = (requestId: string): WriteContext => ({
  actor: "system:openrouter",
  requestId,
  reason: "an account at OpenRouter",
})

export interface LentDeps extends Pick<GatewayDeps, "clock" | "ids" | "plans"> {
  store: Store
  keyring: Keyring
  log: Log
  settings: Pick<Settings, "get">
  /** Null = there is no management key. */
  api: Provisioning | null
}

export class LentAccounts {
  private readonly ready = new Map<UserId, Pick<LentRow, "publicId" | "keySealed">>()
  private readonly traits: UpstreamTraits = { quirks: new Set(), hasAnswered: false, outputMaxima: new Map() }
  /** Whose limit was looked at last. */
  private lookedThrough = 0
  private readonly reads = new limiter.MemoryStates(PEOPLE_COUNTED)

  constructor(private readonly deps: LentDeps) {
    for (const { userId, publicId, keySealed } of readyRows(deps.store.read))
      this.ready.set(userId, { publicId, keySealed })
  }

  get isOffered(): boolean {
    return this.deps.api !== null
  }

  of(userId: UserId): LentAccount | null {
    const row = lentRow(this.deps.store.read, userId)
    return row && shownOf(row)
  }

  async create(ctx: WriteContext, { userId }: KeyOwner): Promise<LentAccount> {
    this.api()
    return await this.deps.store.write(ctx, (tx) => {
      const row = lentRow(tx, userId)
      ensure(row === null || row.state === "deleted", "conflict", "You have an account at OpenRouter already.")
      deleteLent(tx, userId)
      return this.wantIn(tx, userId)
    })
  }

  /** For people who signed up since then. @returns how many were begun */
  createDue(sinceMs: number, rows: number): Promise<number> {
    if (!this.isOffered) return Promise.resolve(0)
    return this.deps.store.write(CTX("job_openrouter-accounts"), (tx) => {
      const due = withoutOne(tx, sinceMs, rows)
      for (const { id } of due) this.wantIn(tx, id)
      return due.length
    })
  }

  private wantIn(tx: Tx, userId: UserId): LentAccount {
    const publicId = this.deps.ids.next("ora")
    insertLent(tx, userId, publicId)
    enqueueIn(tx, { topic: LENT_MAKE, subject: publicId, payload: { userId, publicId } })
    auditIn(tx, { action: "openrouter.wanted", subject: publicId })
    return shownOf(lentRow(tx, userId)!)
  }

  /** A message comes at least once. A key that was made and whose secret was lost on its way is deleted, and another one made. */
  async make({ payload, eventId }: Pick<Delivery, "payload" | "eventId">): Promise<void> {
    const { userId: id, publicId } = payload as { userId: number; publicId: string }
    const userId = UserId(id)
    const api = this.api()
    const isWanted = (row: LentRow | null) => row?.publicId === publicId && row.state === "making"
    for (const hash of await api.named(nameOf(publicId))) {
      if (lentRow(this.deps.store.read, userId)?.hash !== hash) await api.remove(hash)
    }
    if (!isWanted(lentRow(this.deps.store.read, userId))) return
    const made = await api.create(nameOf(publicId), this.limitOf(userId))
    const isKept = await this.deps.store.write(CTX(eventId), (tx) => {
      if (!isWanted(lentRow(tx, userId))) return false
      const keySealed = sealIn(tx, this.deps.keyring, SEALED_LENT_KEYS, [publicId], made.secret)
      updateLent(tx, userId, { ...figuresOf(made), state: "ready", hash: made.hash, keySealed, syncedMs: tx.now })
      auditIn(tx, { action: "openrouter.made", subject: publicId })
      tx.afterCommit(() => this.ready.set(userId, { publicId, keySealed }))
      return true
    })
    // Nobody wants it any more: it was deleted, or its person was, while it was made.
    if (!isKept) await api.remove(made.hash)
  }

  /** By its name too: where it was being made, nobody knows yet how it is called there. */
  async unmake({ payload }: Pick<Delivery, "payload">): Promise<void> {
    const { publicId, hash } = payload as { publicId: string; hash: string | null }
    const api = this.api()
    if (hash !== null) await api.remove(hash)
    else for (const one of await api.named(nameOf(publicId))) await api.remove(one)
  }

  /**
   * What a plan or a setting allows may have changed by any way, and OpenRouter may have been away then: each limit is held against what it
   * should be, and told anew where it is another.
   */
  async limitDue(rows: number): Promise<boolean> {
    if (!this.isOffered) return false
    const page = readyAfter(this.deps.store.read, this.lookedThrough, rows)
    this.lookedThrough = page.length < rows ? 0 : page.at(-1)!.userId
    for (const row of page) {
      const limitNano = this.limitOf(row.userId)
      if (row.limitNano === limitNano) continue
      try {
        await this.limit(row, limitNano)
      } catch (error) {
        this.deps.log.warn("openrouter.not_limited", { account: row.publicId, error })
      }
    }
    return page.length === rows
  }

  private async limit({ userId, publicId, hash }: LentRow, limitNano: Nano | null): Promise<void> {
    const there = await this.api().limit(hash!, limitNano)
    await this.deps.store.write(CTX("job_openrouter-limits"), (tx) => {
      const now = lentRow(tx, userId)
      if (now?.hash !== hash) return
      if (!there) return this.endIn(tx, now)
      updateLent(tx, userId, { ...figuresOf(there), syncedMs: tx.now })
      auditIn(tx, {
        action: "openrouter.limited",
        subject: publicId,
        before: { nano: now.limitNano },
        after: { nano: limitNano },
      })
    })
  }

  async sync(ctx: WriteContext, { userId }: KeyOwner): Promise<LentAccount> {
    const { store, clock } = this.deps
    const row = required(lentRow(store.read, userId))
    if (row.hash === null) return shownOf(row)
    const decision = limiter.decide(this.reads, [{ key: `user:${userId}`, rule: SYNC }], clock.now())
    if (!decision.admitted) {
      const retryAfterSeconds = ((decision.retryAtMs ?? 0) - clock.now()) / 1_000
      throw new AppError("rate_limit_exceeded", "It was read a moment ago. Wait a little.", { retryAfterSeconds })
    }
    const there = await this.api().read(row.hash)
    return store.write(ctx, (tx) => {
      const now = required(lentRow(tx, userId))
      if (now.hash !== row.hash) return shownOf(now)
      if (there) updateLent(tx, userId, { ...figuresOf(there), syncedMs: tx.now })
      else this.endIn(tx, now)
      return shownOf(required(lentRow(tx, userId)))
    })
  }

  remove(ctx: WriteContext, { userId }: KeyOwner): Promise<LentAccount> {
    return this.deps.store.write(ctx, (tx) => {
      const row = required(lentRow(tx, userId))
      this.endIn(tx, row)
      return shownOf(required(lentRow(tx, userId)))
    })
  }

  /** The row goes, and the key there by the message that this leaves. @returns rows */
  eraseIn(tx: Tx, userId: UserId): number {
    const row = lentRow(tx, userId)
    if (!row) return 0
    this.endIn(tx, row)
    return deleteLent(tx, userId)
  }

  private endIn(tx: Tx, { userId, publicId, state, hash }: LentRow): void {
    if (state === "deleted") return
    enqueueIn(tx, { topic: LENT_DELETE, subject: publicId, payload: { publicId, hash } })
    updateLent(tx, userId, { state: "deleted", hash: null, keySealed: null })
    auditIn(tx, { action: "openrouter.deleted", subject: publicId })
    tx.afterCommit(() => this.ready.delete(userId))
  }

  /** The same candidates with the caller's account: of OpenRouter's models, once each. */
  candidatesFor(caller: Pick<Caller, "userId" | "payer" | "mode">, candidates: readonly Candidate[]): Candidate[] {
    const account = this.ready.get(caller.userId)
    if (!account || caller.mode !== "live" || caller.payer.id !== caller.userId) return []
    const asked = new Set<string>()
    return candidates.flatMap((candidate) => {
      const { upstream, model } = candidate
      if (upstream.account.baseUrl !== OPENROUTER_URL || asked.has(model)) return []
      asked.add(model)
      const lent = this.upstreamOf(caller.userId, account, upstream)
      return lent ? [{ ...candidate, upstream: lent }] : []
    })
  }

  private upstreamOf(
    userId: UserId,
    { publicId, keySealed }: Pick<LentRow, "publicId" | "keySealed">,
    like: ReadyUpstream,
  ): ReadyUpstream | null {
    const isAlive = () => this.ready.get(userId)?.publicId === publicId
    const personal: PersonalKey = { kind: "lent", publicId, label: "OpenRouter account", isAlive }
    const { keyring, log, store } = this.deps
    const apiKey = openedFrom(log, keyring, SEALED_LENT_KEYS, publicId, keySealed!, () => {
      const now = lentRow(store.read, userId)?.keySealed ?? null
      if (now !== null) this.ready.set(userId, { publicId, keySealed: now })
      return now
    })
    if (apiKey === null) return null
    return { ...like, account: { baseUrl: OPENROUTER_URL, apiKey }, traits: this.traits, routing: FREELY, personal }
  }

  private limitOf(userId: UserId): Nano | null {
    const { plans, settings } = this.deps
    return plans.keyTermsOf(userId).planCode === FREE_PLAN ? settings.get(LENT_FREE_LIMIT) : null
  }

  private api(): Provisioning {
    const { api } = this.deps
    ensure(api, "unavailable", "Accounts at OpenRouter are not offered here.")
    return api
  }
}

const required = (row: LentRow | null): LentRow => {
  ensure(row && row.state !== undefined, "not_found", "You have no account at OpenRouter.")
  return row
}

const figuresOf = ({ limitNano, remainingNano, usedNano }: KeyThere) => ({ limitNano, remainingNano, usedNano })

const shownOf = ({
  publicId,
  state,
  limitNano,
  remainingNano,
  usedNano,
  createdMs,
  syncedMs,
}: LentRow): LentAccount => ({
  publicId,
  state,
  limitNano,
  remainingNano,
  usedNano,
  createdMs,
  syncedMs,
})
