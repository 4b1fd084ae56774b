// The door of confirming who is there.
import type { Core } from "../core.ts"
import * as verbs from "./confirm.ts"
import type { StepUpVerbs } from "./types.ts"

export type * from "./types.ts"

export const stepUpVerbs = (core: Core): StepUpVerbs => ({
  isFresh: (session) => verbs.isFresh(core, session),
  confirmWays: (userId) => verbs.confirmWays(core, userId),
  sendConfirmCode: (visitor, ctx, userId) => verbs.sendConfirmCode(core, visitor, ctx, userId),
  pendingConfirmCode: (browserId, userId) => verbs.pendingConfirmCode(core, browserId, userId),
  confirm: (visitor, ctx, input) => verbs.confirm(core, visitor, ctx, input),
})
