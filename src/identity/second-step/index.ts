// The door of two-step sign-in.
import type { Core } from "../core.ts"
import * as enrol from "./enrol.ts"
import { completeLogin, waitingStepOf } from "./login.ts"
import { recoveryLeft } from "./store.ts"
import type { SecondStepVerbs } from "./types.ts"

export {
  ENROLMENT_MS,
  forgetCodesIn,
  hasApp,
  isOn,
  recoveryCodesIn,
  SEALED_TOTP,
  takeCodeIn,
  wrongCode,
} from "./enrol.ts"
export { waitForCode, waitingAccount } from "./login.ts"
export { deleteSecondStep, purgeUnconfirmed, recoveryLeft as recoveryCodesLeft } from "./store.ts"
export type * from "./types.ts"

export const secondStepVerbs = (core: Core): SecondStepVerbs => ({
  secondStepOf: (userId) => enrol.secondStepOf(core, userId),
  beginSecondStep: (ctx, userId) => enrol.begin(core, ctx, userId),
  enrolmentOf: (userId, issuer) => enrol.enrolmentOf(core, userId, issuer),
  confirmSecondStep: (visitor, ctx, input) => enrol.confirm(core, visitor, ctx, input),
  renewRecoveryCodes: (ctx, userId) => enrol.renewCodes(core, ctx, userId),
  endSecondStep: (ctx, userId) => enrol.end(core, ctx, userId),
  recoveryCodesLeft: (userId) => recoveryLeft(core.store.read, userId),
  removeSecondStepIn: (tx, userId) => enrol.removeIn(core, tx, userId),
  removeSecondStepByEmail: (ctx, email) => enrol.removeByEmail(core, ctx, email),
  waitingStepOf: (visitor, step) => waitingStepOf(core, visitor, step),
  completeLogin: (visitor, input) => completeLogin(core, visitor, input),
})
