// Circuit breaker (Nygard): closed → open after failures → half open, where one probe decides. Pure but for its state; time
// and chance are passed in.

export interface BreakerTerms {
  /** First pause, ms, and the longest. */
  openMs: number
  openMsMax: number
  /** Share that chance adds. */
  jitter: number
  /** From 0 to below 1. */
  random: () => number
}

export type BreakerState = "closed" | "open" | "half-open"

/** A call's leave to go: which of the circuit's lives it belongs to, and whether it is the probe. */
export interface Pass {
  life: number
  isProbe: boolean
}

export class Breaker {
  private isOpen = false
  private openUntilMs = 0
  private isProbing = false
  /** Pauses in a row without a success between them. */
  private pauses = 0
  /** Counts changes of state, so that calls of an earlier life decide nothing in this one. */
  private life = 0

  constructor(private readonly terms: BreakerTerms) {}

  state(nowMs: number): BreakerState {
    if (!this.isOpen) return "closed"
    return nowMs < this.openUntilMs ? "open" : "half-open"
  }

  /** When it lets a call through; 0 = now; Infinity: a probe is out, and decides. */
  freeAtMs(nowMs: number): number {
    if (!this.isOpen) return 0
    if (nowMs < this.openUntilMs) return this.openUntilMs
    return this.isProbing ? Number.POSITIVE_INFINITY : 0
  }

  /** Until when it is open; null = it is closed. */
  get untilMs(): number | null {
    return this.isOpen ? this.openUntilMs : null
  }

  /** Only when `freeAtMs` is 0. */
  pass(): Pass {
    const isProbe = this.isOpen
    if (isProbe) this.isProbing = true
    return { life: this.life, isProbe }
  }

  /** @returns whether it closed now */
  succeeded(pass: Pass): boolean {
    if (pass.life !== this.life || !pass.isProbe) return false
    this.close()
    return true
  }

  /** @param mayOpen enough calls failed @returns whether it opened now */
  failed(pass: Pass, nowMs: number, mayOpen: boolean): boolean {
    if (pass.life !== this.life || !(pass.isProbe || mayOpen)) return false
    this.open(nowMs + this.pauseMs())
    return true
  }

  /** The server said when it may be asked again: nobody's life matters. Never shortens a pause. @returns whether it opened now */
  coolDown(pass: Pass, nowMs: number, ms: number): boolean {
    const untilMs = nowMs + ms
    if (this.isOpen && !(pass.life === this.life && pass.isProbe)) {
      // The probe that is out, if any, goes on.
      this.openUntilMs = Math.max(this.openUntilMs, untilMs)
      return false
    }
    this.open(Math.max(this.openUntilMs, untilMs))
    return true
  }

  /** The call ended without saying anything of the server. */
  abandoned(pass: Pass): void {
    if (pass.life === this.life && pass.isProbe) this.isProbing = false
  }

  close(): void {
    this.isOpen = false
    this.isProbing = false
    this.openUntilMs = 0
    this.pauses = 0
    this.life++
  }

  private open(untilMs: number): void {
    this.isOpen = true
    this.isProbing = false
    this.openUntilMs = untilMs
    this.pauses++
    this.life++
  }

  private pauseMs(): number {
    const { openMs, openMsMax, jitter, random } = this.terms
    return Math.min(openMs * 2 ** Math.min(this.pauses, 30), openMsMax) * (1 + jitter * random())
  }
}
