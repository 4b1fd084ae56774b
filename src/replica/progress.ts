// How far the replica is: up to which commit it is known to have everything, since when it is behind, and what stands in the way.
import { LIMITS } from "../app/index.ts"
import { lastCommitMs, type Reader } from "../store/index.ts"
import type { Facts } from "./health.ts"
import type { Whole } from "./marker.ts"
import type { Probe } from "./probe.ts"

export class Progress {
  /** Newest commit that it is known to hold, ms. */
  heldMs = 0
  /** The folder that was begun is known to be whole. */
  confirmed = false
  cause: string | null = null
  private behindSinceMs: number | null = null
  private silentSinceMs: number | null = null
  /** Of the newest sign of life in whose time the folder was whole. */
  private servedSinceMs: number | null = null

  /** How long the oldest change waits that it is not known to have. */
  get lagMs(): number {
    return this.behindSinceMs === null ? 0 : performance.now() - this.behindSinceMs
  }

  /** How long no sign of life could be left in it. */
  get silentMs(): number {
    return this.silentSinceMs === null ? 0 : performance.now() - this.silentSinceMs
  }

  isBehind(reader: Reader): boolean {
    return lastCommitMs(reader) > this.heldMs
  }

  begin(isWhole: boolean): void {
    this.confirmed = isWhole
    this.cause = null
    this.silentSinceMs = null
  }

  forget(): void {
    this.confirmed = false
    this.heldMs = 0
  }

  spoke(): void {
    this.silentSinceMs = null
    this.servedSinceMs = this.confirmed ? performance.now() : null
  }

  /** How long an epoch was served from since it is whole, with what was counted before; a silence counts as one lease at most. */
  served(before: Whole | null | undefined, epoch: number, leaseMs: number): number {
    const counted = before?.epoch === epoch ? (before.servedMs ?? 0) : 0
    const sinceMs = this.servedSinceMs === null ? 0 : performance.now() - this.servedSinceMs
    return Math.round(counted + Math.min(sinceMs, leaseMs))
  }

  /** The store refused us ourselves: clearer than what Litestream makes of it, so its words stay. */
  refused(why: string): void {
    this.silentSinceMs ??= performance.now()
    this.cause = why
  }

  /**
   * Asks for everything that is committed by now.
   * @param shipped resolves when it is there, and may then do what makes it count
   */
  async ask(reader: Reader, probe: Probe, shipped: (lastMs: number) => Promise<void>): Promise<void> {
    const lastMs = lastCommitMs(reader)
    const askedMs = performance.now()
    if (lastMs > this.heldMs) this.behindSinceMs ??= askedMs
    await probe.shipped(AbortSignal.timeout(LIMITS.replicaAskMs))
    await shipped(lastMs)
    this.heldMs = lastMs
    this.cause = null
    this.behindSinceMs = this.isBehind(reader) ? askedMs : null
  }

  /** @param complaint what Litestream said last, when nothing else is known */
  facts(complaint: string | null): Pick<Facts, "confirmed" | "lagMs" | "silentMs" | "cause"> {
    const { confirmed, lagMs, silentMs, cause } = this
    return { confirmed, lagMs, silentMs, cause: cause ?? complaint }
  }

  failed(why: string): void {
    if (this.silentSinceMs === null) this.cause = why
  }
}
