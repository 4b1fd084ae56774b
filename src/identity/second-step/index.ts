// The door of two-step sign-in.
import type { Core } from "../core.ts"
import * as enrol from "./enrol.ts"
import { completeLogin, waitingStepOf } from "./login.ts"
import type { SecondStepVerbs } from "./types.ts"

export { ENROLMENT_MS, isOn, SEALED_TOTP, takeCodeIn, wrongCode } from "./enrol.ts"
export { waitForCode } from "./login.ts"
export { deleteSecondStep, purgeUnconfirmed, recoveryLeft as recoveryCodesLeft } from "./store.ts"
export type * from "./types.ts"

export const secondStepVerbs = (core: Core): SecondStepVerbs => ({
  secondStepOf: (userId) => enrol.secondStepOf(core, userId),
  beginSecondStep: (visitor, ctx, input) => enrol.begin(core, visitor, ctx, input),
  enrolmentOf: (userId, issuer) => enrol.enrolmentOf(core, userId, issuer),
  confirmSecondStep: (visitor, ctx, input) => enrol.confirm(core, visitor, ctx, input),
  renewRecoveryCodes: (visitor, ctx, input) => enrol.renewCodes(core, visitor, ctx, input),
  endSecondStep: (visitor, ctx, input) => enrol.end(core, visitor, ctx, input),
  removeSecondStepIn: (tx, userId) => enrol.removeIn(core, tx, userId),
  removeSecondStepByEmail: (ctx, email) => enrol.removeByEmail(core, ctx, email),
  waitingStepOf: (visitor, step) => waitingStepOf(core, visitor, step),
  completeLogin: (visitor, input) => completeLogin(core, visitor, input),
})
