// Confirming who is there by a passkey: several factors at once, so nothing else is asked for.
import type { WriteContext } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { copied, prove, takeIn } from "../passkeys/assertion.ts"
import type { PasskeyAnswer } from "../passkeys/index.ts"
import type { Visitor } from "../types.ts"
import { hereIn, notedIn } from "./confirm.ts"

/** @see PasskeyVerbs.confirmByPasskey */
export async function confirmByPasskey(
  core: Core,
  visitor: Visitor,
  ctx: WriteContext,
  { userId, ...answer }: PasskeyAnswer & { userId: number },
): Promise<void> {
  const assertion = await prove(core, visitor, { purpose: "confirm", userId }, answer)
  const isProved = await core.store.write(ctx, (tx) => {
    const user = hereIn(core, tx, visitor, userId)
    const taken = takeIn(core, tx, assertion)
    if (!taken) return false
    notedIn(core, tx, visitor, user, taken.amr)
    return true
  })
  if (!isProved) throw copied()
}
