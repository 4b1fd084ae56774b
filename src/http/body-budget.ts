// How much of other people's bodies is in memory at once, per sender and in all, and how many are still on their way. A sender
// who stalls or floods meets a limit of their own before anybody else notices (CWE-400, CWE-770).
import { AppError, LIMITS, Passing } from "../app/index.ts"

export interface BudgetLimits {
  ownerBytesMax: number
  bytesMax: number
  ownerReadingMax: number
  readingMax: number
}

const DEFAULTS: BudgetLimits = {
  ownerBytesMax: LIMITS.bodyOwnerBytesMax,
  bytesMax: LIMITS.bodyBytesMax,
  ownerReadingMax: LIMITS.bodyOwnerReadingMax,
  readingMax: LIMITS.bodyReadingMax,
}

interface Share {
  bytes: number
  reading: number
  /** Seats that refer to this share; it goes with the last. */
  seats: number
}

/** One body: its bytes count from their arrival until the request is answered. */
export interface Seat {
  /** @throws AppError rate_limit_exceeded, overloaded */
  add(bytes: number): void
  /** All of it is here. */
  arrived(): void
  /** The request is answered; may be called again. */
  release(): void
}

export class BodyBudget {
  private readonly shares = new Passing<string, Share>()
  private bytes = 0
  private reading = 0

  constructor(private readonly limits: BudgetLimits = DEFAULTS) {}

  get inFlight(): { bytes: number; reading: number; owners: number } {
    return { bytes: this.bytes, reading: this.reading, owners: this.shares.size }
  }

  /**
   * @param owner who sends: a person where one is known, else an address
   * @throws AppError rate_limit_exceeded, overloaded
   */
  open(owner: string): Seat {
    const share = this.shares.get(owner) ?? { bytes: 0, reading: 0, seats: 0 }
    if (share.reading >= this.limits.ownerReadingMax) throw tooManyOfYours()
    if (this.reading >= this.limits.readingMax) throw tooManyInAll()
    this.shares.set(owner, share)
    share.seats++
    share.reading++
    this.reading++
    return this.seat(owner, share)
  }

  private seat(owner: string, share: Share): Seat {
    let bytes = 0
    let isReading = true
    let isOpen = true
    const arrived = () => {
      if (!isReading) return
      isReading = false
      share.reading--
      this.reading--
    }
    return {
      arrived,
      add: (count) => {
        if (share.bytes + count > this.limits.ownerBytesMax) throw tooManyOfYours()
        if (this.bytes + count > this.limits.bytesMax) throw tooManyInAll()
        bytes += count
        share.bytes += count
        this.bytes += count
      },
      release: () => {
        arrived()
        if (!isOpen) return
        isOpen = false
        share.bytes -= bytes
        this.bytes -= bytes
        if (--share.seats === 0) this.shares.delete(owner)
      },
    }
  }
}

const tooManyOfYours = (): AppError =>
  new AppError("rate_limit_exceeded", "You are sending too much at once. Wait for answers before you send more.", {
    retryAfterSeconds: 1,
  })

const tooManyInAll = (): AppError =>
  new AppError("overloaded", "The server is taking in too much at once. Try again in a moment.", {
    retryAfterSeconds: 2,
  })
