// What the provider grants an account in a minute: requests, and tokens. Known to the operator, respected before the provider
// has to refuse. A sliding minute, so that no two windows of the provider's own are ever overrun.
import { Minute } from "./window.ts"

export interface Grant {
  requestsPerMinute: number | null
  tokensPerMinute: number | null
}

export class Allowance {
  private readonly requests = new Minute()
  private readonly tokens = new Minute()

  /** When a call fits; 0 = now. */
  freeAtMs({ requestsPerMinute: rpm, tokensPerMinute: tpm }: Grant, nowMs: number): number {
    let atMs = 0
    if (rpm !== null && this.requests.total(nowMs) >= rpm) atMs = this.requests.belowAtMs(nowMs, rpm)
    if (tpm !== null && this.tokens.total(nowMs) >= tpm) atMs = Math.max(atMs, this.tokens.belowAtMs(nowMs, tpm))
    return atMs
  }

  take(nowMs: number, tokens: number): void {
    this.requests.add(nowMs, 1)
    if (tokens > 0) this.tokens.add(nowMs, tokens)
  }

  /** What a call used beyond, or less than, what was taken for it. */
  correct(nowMs: number, tokens: number): void {
    if (tokens !== 0) this.tokens.add(nowMs, tokens)
  }

  used(nowMs: number): { requests: number; tokens: number } {
    return { requests: this.requests.total(nowMs), tokens: Math.max(0, this.tokens.total(nowMs)) }
  }
}
