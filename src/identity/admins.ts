// Who is an admin, and the change of it: by the console of the server, or by another admin who proves their password once more.
import { AppError } from "../app/index.ts"
import type { NotPromise, Tx, WriteContext } from "../store/index.ts"
import type { Core } from "./core.ts"
import { provePassword, refused, signedOut } from "./password.ts"
import { normaliseEmail } from "./rules.ts"
import { accountByEmail, accountById } from "./store/users.ts"
import { forgiveIn } from "./throttle.ts"
import type { User, Visitor } from "./types.ts"
import { setAdminIn } from "./users.ts"

/** @see Identity.setAdminByEmail */
export function setAdminByEmail(
  core: Core,
  ctx: WriteContext,
  input: { email: string; isAdmin: boolean },
): Promise<{ user: User; changed: boolean }> {
  return core.store.write(ctx, (tx) => {
    const user = accountByEmail(tx, normaliseEmail(input.email) ?? "")?.user
    if (!user || user.status === "deleted")
      throw new AppError("not_found", `Nobody has the address ${input.email}. They sign up first, or use a setup link.`)
    const after = setAdminIn(tx, { userId: user.id, isAdmin: input.isAdmin })
    return { user: after, changed: after.isAdmin !== user.isAdmin }
  })
}

/** @see Identity.setAdmin */
export const setAdmin = (
  core: Core,
  visitor: Visitor,
  ctx: WriteContext,
  { byId, current, ...input }: { byId: number; userId: number; isAdmin: boolean; current: string },
): Promise<User> => asAdmin(core, visitor, ctx, { byId, current }, (tx) => setAdminIn(tx, input))

/** @see Identity.asAdmin */
export async function asAdmin<T>(
  core: Core,
  visitor: Visitor,
  ctx: WriteContext,
  proof: { byId: number; current: string },
  act: (tx: Tx) => NotPromise<T>,
): Promise<T> {
  const account = accountById(core.store.read, proof.byId)
  if (!account) throw signedOut()
  if (proof.current === "") throw refused({ current: "Enter your password." })
  return core.hasher.withSlot(async (slot) => {
    const asks = await provePassword(core, slot, { ctx, visitor, account, current: proof.current })
    return core.store.write(ctx, (tx) => {
      const now = accountById(tx, proof.byId)
      // Read again: the role, or the password it was proved with, may be gone since.
      if (!now?.user.isAdmin || now.user.status !== "active" || now.passwordHash !== account.passwordHash)
        throw signedOut()
      forgiveIn(tx, asks)
      return act(tx)
    })
  })
}
