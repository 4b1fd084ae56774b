// A sign-in with an issuer that waits for the proof that an account is theirs: sealed for the browser, nothing in the database.
import { AppError, sha256Hex } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { type Account, accountById } from "../store/users.ts"
import type { Visitor } from "../types.ts"
import { placeOf } from "./begin.ts"
import type { By } from "./enter.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"
import type { Elsewhere } from "./link.ts"

const PURPOSE = "issuer-join"

interface Sealed {
  userId: number
  /** Of the account's address and password: a change of either ends what waits. */
  proof: string
  elsewhere: Elsewhere
  by: By
  expiresMs: number
}

/** What waits, with the account as it is now. */
export interface OpenJoin {
  account: Account
  elsewhere: Elsewhere
  by: By
}

const proofOf = ({ user, passwordHash }: Account): string =>
  sha256Hex(`${user.email}\n${passwordHash ?? ""}`).slice(0, 32)

export function sealJoin(core: Core, visitor: Visitor, join: OpenJoin & { nowMs: number }): string {
  const { account, elsewhere, by, nowMs } = join
  const expiresMs = nowMs + L.joinMs
  const sealed: Sealed = { userId: account.user.id, proof: proofOf(account), elsewhere, by, expiresMs }
  return core.keyring.seal(PURPOSE, placeOf(core, visitor), JSON.stringify(sealed))
}

/** Null when it is over, of another browser, or of an account that changed since. */
export function openJoin(core: Core, reader: Reader, visitor: Visitor, join: string, nowMs: number): OpenJoin | null {
  if (join.length > L.joinCharsMax) return null
  let sealed: Sealed
  try {
    sealed = JSON.parse(core.keyring.open(PURPOSE, placeOf(core, visitor), join)) as Sealed
  } catch {
    return null
  }
  const account = nowMs < sealed.expiresMs ? accountById(reader, sealed.userId) : null
  if (!account?.user.emailVerified || account.user.status === "deleted" || proofOf(account) !== sealed.proof)
    return null
  return { account, elsewhere: sealed.elsewhere, by: sealed.by }
}

export const joinOver = (): AppError => new AppError("unauthenticated", "This sign-in took too long. Start it again.")
