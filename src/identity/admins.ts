// Who is an admin, and the change of it: by the console of the server, or by another admin who has confirmed that it is them.
import { AppError } from "../app/index.ts"
import type { NotPromise, Tx, WriteContext } from "../store/index.ts"
import type { Core } from "./core.ts"
import { signedOut } from "./password.ts"
import { normaliseEmail } from "./rules.ts"
import { accountByEmail, accountById } from "./store/users.ts"
import type { User } from "./types.ts"
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
  ctx: WriteContext,
  { byId, ...input }: { byId: number; userId: number; isAdmin: boolean },
): Promise<User> => asAdmin(core, ctx, byId, (tx) => setAdminIn(tx, input))

/** @see Identity.asAdmin */
export const asAdmin = <T>(core: Core, ctx: WriteContext, byId: number, act: (tx: Tx) => NotPromise<T>): Promise<T> =>
  core.store.write(ctx, (tx) => {
    // Read again: the role may be gone since the page was asked for.
    const by = accountById(tx, byId)?.user
    if (!by?.isAdmin || by.status !== "active") throw signedOut()
    return act(tx)
  })
