// For tests of /v1 only: people by number, in place of identity.
import { AppError, UserId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"

export class People {
  readonly suspended = new Set<number>()
  userById = (id: number) => ({
    id: UserId(id),
    publicId: `usr_${id}`,
    email: `p${id}@example.com`,
    emailVerified: true,
    name: `P ${id}`,
    isAdmin: false,
    updatedMs: 0,
  })
  secondStepOf = () => null
  isSuspended = (id: number) => this.suspended.has(id)
  requireActiveIn = (_tx: Tx, id: number) => {
    if (this.suspended.has(id)) throw new AppError("account_suspended", "This account is suspended.")
    return { emailVerified: true }
  }
}
