// Password hashing, bounded: argon2id takes 25 ms of a core and 19 MiB, so only a few run and only some may wait.
// Never inside a write body: hash first, then commit the outcome.
import { AppError, randomSecret } from "../app/index.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"

/** Memory in KiB, passes over it. */
export interface HashCost {
  memoryKib: number
  passes: number
}
const OWASP: HashCost = { memoryKib: L.argonMemoryKib, passes: L.argonPasses }

/** What a caller may do while it holds one of the few places. */
export interface Slot {
  hash(password: string): Promise<string>
  /** A null hash (nobody, or no password set) costs the same time and is always false. */
  verify(password: string, hash: string | null): Promise<boolean>
  /** Whether a stored hash was made with today's parameters. */
  isCurrent(hash: string): boolean
}

export interface Hasher {
  /** Waits for a place and runs the work in it. @throws AppError overloaded when too many wait */
  withSlot<T>(work: (slot: Slot) => Promise<T>): Promise<T>
}

export function createHasher(
  parallelMax: number = L.hashesParallelMax,
  queuedMax: number = L.hashesQueuedMax,
  cost: HashCost = OWASP,
): Hasher {
  const parameters = { algorithm: "argon2id", memoryCost: cost.memoryKib, timeCost: cost.passes } as const
  const current = `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=1`
  let running = 0
  const waiting: (() => void)[] = []
  // The hash of no password at all; verifying against it takes what a real verification takes.
  const random = () => Buffer.from(randomSecret(), "base64url").toString("base64").replaceAll("=", "")
  const dummy = `${current}$${random()}$${random()}`

  const slot: Slot = {
    hash: (password) => Bun.password.hash(password, parameters),
    isCurrent: (hash) => hash.startsWith(`${current}$`),
    async verify(password, hash) {
      const right = await Bun.password.verify(password, hash ?? dummy)
      return right && hash !== null
    },
  }

  const enter = async (): Promise<void> => {
    if (running < parallelMax) {
      running += 1
      return
    }
    if (waiting.length >= queuedMax) {
      throw new AppError("overloaded", "Many people are signing in right now. Try again in a moment.", {
        retryAfterSeconds: 2,
      })
    }
    // The place is handed over, not freed, so that nobody slips in between.
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  return {
    async withSlot(work) {
      await enter()
      try {
        return await work(slot)
      } finally {
        leave()
      }
    },
  }
}
