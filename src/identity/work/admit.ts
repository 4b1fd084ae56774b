// Whether a sign-up may go on: with the work that is asked for, or, without any, at its turn in a slow line. A look first, which costs
// nothing and spares the hash of a password; the decision in the body that sends the mail.
import { AppError, limiter } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { networkOf } from "../rules.ts"
import { throttleRows, throttleView } from "../store/throttles.ts"
import { askOf, inWords } from "../throttle.ts"
import type { Visitor } from "../types.ts"
import { countsOf, demandOf } from "./demand.ts"
import { SLOW } from "./rules.ts"
import { takeWork } from "./store.ts"
import { openWork } from "./ticket.ts"
import type { SignUpProof } from "./types.ts"

const AGAIN = "This sign-up could not be checked. Press the button once more: your browser does the calculation again."

const slowAsks = (core: Core, visitor: Visitor): limiter.LimitAsk[] => [
  askOf(core, SLOW.fromNetwork, networkOf(visitor.ip)),
  askOf(core, SLOW.inAll, ""),
]

/** The page always sends its ticket; without scripts nobody answers it. */
const given = (proof: SignUpProof | undefined): SignUpProof | null => (proof?.answer ? proof : null)

/** A look that counts nothing. @throws AppError validation_failed (the proof is wrong), rate_limit_exceeded (no proof, and no turn) */
export function checkWork(core: Core, reader: Reader, visitor: Visitor, proof: SignUpProof | undefined): void {
  const nowMs = core.clock.now()
  const numbersMax = demandOf(core, reader, visitor, nowMs)
  if (numbersMax === null) return
  const done = given(proof)
  if (!done) refuseSlow(limiter.rowStates(throttleView(reader)), slowAsks(core, visitor), nowMs)
  else if (!openWork(core, visitor, done, { numbersMax, nowMs })) throw wrong()
}

/** @throws AppError as `checkWork`, and validation_failed for a proof that was used before */
export function takeWorkIn(core: Core, tx: Tx, visitor: Visitor, proof: SignUpProof | undefined): void {
  const numbersMax = demandOf(core, tx, visitor, tx.now)
  if (numbersMax === null) return
  const done = given(proof)
  if (!done) {
    refuseSlow(limiter.rowStates(throttleRows(tx)), slowAsks(core, visitor), tx.now)
    return
  }
  const work = openWork(core, visitor, done, { numbersMax, nowMs: tx.now })
  if (!work || !takeWork(tx, work.workHash, work.expiresMs)) throw wrong()
}

/** What makes a flood: sign-ups that send a mail. It stays one until its hour is over. */
export function countSignUpIn(core: Core, tx: Tx, visitor: Visitor): void {
  const states = limiter.rowStates(throttleRows(tx))
  for (const ask of Object.values(countsOf(core, visitor))) limiter.decide(states, [ask], tx.now)
}

function refuseSlow(states: limiter.LimitStates, asks: limiter.LimitAsk[], nowMs: number): void {
  const { admitted, retryAtMs } = limiter.decide(states, asks, nowMs)
  if (admitted) return
  const seconds = Math.max(1, Math.ceil(((retryAtMs ?? nowMs) - nowMs) / 1_000))
  throw new AppError(
    "rate_limit_exceeded",
    `Many accounts are being made right now. With scripts on, press the button again. Without scripts only a few people get through: wait ${inWords(seconds)}, then press it again.`,
    { retryAfterSeconds: seconds },
  )
}

const wrong = (): AppError => new AppError("validation_failed", AGAIN, { formErrors: { form: AGAIN } })
