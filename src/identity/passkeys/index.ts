// The door of passkeys.
import { brandName } from "../../brand/index.ts"
import type { Core } from "../core.ts"
import { confirmByPasskey } from "../step-up/by-passkey.ts"
import { ask } from "./assertion.ts"
import * as login from "./login.ts"
import * as manage from "./manage.ts"
import { isPasskeyOrigin } from "./rules.ts"
import { hasPasskeys } from "./store.ts"
import type { PasskeyVerbs } from "./types.ts"

export { purgeChallenges } from "./store.ts"
export type * from "./types.ts"

export const passkeyVerbs = (core: Core): PasskeyVerbs => ({
  hasPasskeys: isPasskeyOrigin(core.baseUrl),
  passkeysOf: (userId) => manage.passkeysOf(core, userId),
  askSignIn: (visitor) => ask(core, visitor, "sign-in", null),
  signInByPasskey: (visitor, answer) => login.signIn(core, visitor, answer),
  askSecond: (visitor, step) => login.askSecond(core, visitor, step),
  completeByPasskey: (visitor, input) => login.complete(core, visitor, input),
  askConfirm: (visitor, userId) =>
    hasPasskeys(core.store.read, userId) ? ask(core, visitor, "confirm", userId) : null,
  confirmByPasskey: (visitor, ctx, input) => confirmByPasskey(core, visitor, ctx, input),
  askNewPasskey: (visitor, userId) => manage.askNew(core, visitor, userId, brandName(core.settings)),
  addPasskey: (visitor, ctx, input) => manage.add(core, visitor, ctx, input),
  renamePasskey: (ctx, input) => manage.rename(core, ctx, input),
  removePasskey: (ctx, input) => manage.remove(core, ctx, input),
  removePasskeysIn: (tx, userId) => manage.removeAllIn(core, tx, userId),
  removePasskeysByEmail: (ctx, email) => manage.removeByEmail(core, ctx, email),
})
