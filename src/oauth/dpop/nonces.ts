// Nonces of this server for proofs (RFC 9449 §8), and the proofs that were seen with each. A nonce is an HMAC of its span of time under a
// secret of this process, so none is kept; every proof names one, so what has to be remembered ends with it, and a restart, which forgets
// it all, takes the nonces of before with it. A proof is therefore accepted at most once, whatever happens.
import { AppError, type Clock, constantTimeEqual } from "../../app/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"

interface Span {
  index: number
  nonce: string
  seen: Set<string>
  /** Proofs by key. */
  counts: Map<string, number>
}

export class Nonces {
  private readonly secret = crypto.getRandomValues(new Uint8Array(32))
  private spans: Span[] = []

  constructor(private readonly clock: Clock) {}

  /** For the next proof. */
  get current(): string {
    return this.span(this.now).nonce
  }

  isCurrent(nonce: string): boolean {
    return nonce === this.current
  }

  /** Whether a proof with it may be taken: it is of this span or of the one before. */
  isValid(nonce: string): boolean {
    return this.of(nonce) !== null
  }

  /**
   * Takes a proof, which is valid otherwise, for the only time.
   * @throws AppError dpop_proof_invalid when it was taken before; rate_limit_exceeded, overloaded where no more can be remembered
   */
  spend({ nonce, jkt, jti }: { nonce: string; jkt: string; jti: string }): void {
    const span = this.of(nonce)
    const key = new Bun.CryptoHasher("sha256").update(`${jkt}.${jti}`).digest("base64url").slice(0, 22)
    if (!span || span.seen.has(key)) {
      throw new AppError("dpop_proof_invalid", "This DPoP proof was used before. Make a new one for each request.")
    }
    const count = span.counts.get(jkt) ?? 0
    if (count >= OAUTH_LIMITS.dpopProofsOfKeyMax) {
      throw new AppError("rate_limit_exceeded", "Too many requests with this key. Try again in a moment.", {
        retryAfterSeconds: 60,
      })
    }
    if (span.seen.size >= OAUTH_LIMITS.dpopProofsMax) {
      throw new AppError("overloaded", "Too many requests right now. Try again in a moment.", { retryAfterSeconds: 60 })
    }
    span.seen.add(key)
    span.counts.set(jkt, count + 1)
  }

  private get now(): number {
    return Math.floor(this.clock.now() / OAUTH_LIMITS.dpopNonceMs)
  }

  private of(nonce: string): Span | null {
    const { now } = this
    const found = [this.span(now), this.span(now - 1)].find((span) => constantTimeEqual(span.nonce, nonce))
    return found ?? null
  }

  private span(index: number): Span {
    const known = this.spans.find((span) => span.index === index)
    if (known) return known
    const nonce = new Bun.CryptoHasher("sha256", this.secret).update(String(index)).digest("base64url")
    const made = { index, nonce, seen: new Set<string>(), counts: new Map<string, number>() }
    this.spans = [...this.spans.filter((span) => span.index >= this.now - 1), made]
    return made
  }
}
