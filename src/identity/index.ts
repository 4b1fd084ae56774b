// The door of `identity`: people, how they prove who they are, and their sessions. Knows no client, no credit, no page.
import { confirmEmailChange, pendingEmailChange, requestEmailChange, resendEmailChange } from "./email-change.ts"
import { createHasher } from "./hasher.ts"
import type { Kit } from "./kit.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { login } from "./login.ts"
import { composeMail } from "./mail.ts"
import { changePassword, passwordResetOf, requestPasswordReset, resetPassword } from "./password.ts"
import { normaliseEmail } from "./rules.ts"
import * as sessions from "./sessions.ts"
import { claimSetup, claimSetupSignedIn, createSetupLink, isSetupLinkOpen } from "./setup.ts"
import { pendingSignUp, resendCode, signUp } from "./sign-up.ts"
import { purgeCodes, purgeCounters } from "./store/guards.ts"
import { purgeResets } from "./store/resets.ts"
import { purgeSessions } from "./store/sessions.ts"
import * as rows from "./store/users.ts"
import type { Identity, IdentityDeps } from "./types.ts"
import { createUser, createUserIn, requireActiveIn, setAdminIn, setNameIn, suspendIn, unsuspendIn } from "./users.ts"
import { createSignUpVerifier } from "./verify.ts"

export { createHasher, type Hasher, type Slot } from "./hasher.ts"
export { IDENTITY_LIMITS } from "./limits.ts"
export { mailText } from "./mail.ts"
export { reservePrincipalsIn } from "./reserve.ts"
export { normaliseEmail } from "./rules.ts"
export type * from "./types.ts"

export function createIdentity(deps: IdentityDeps): Identity {
  const { store, clock, ids, keyring, outbox, baseUrl } = deps
  const kit: Kit = {
    ...{ store, clock, ids, keyring, outbox, baseUrl },
    hasher: deps.hasher ?? createHasher(),
    productName: deps.productName ?? "Purser",
    adminEmails: new Set((deps.adminEmails ?? []).map((email) => normaliseEmail(email) ?? email)),
    // The arrays themselves, not copies: compose fills them as the other domains come up.
    onSignUp: deps.onSignUp ?? [],
    lifecycle: deps.lifecycle ?? [],
    notActive: new Set(rows.notActiveIds(store.read)),
  }
  const unlessDeleted = (account: rows.Account | null) =>
    account && account.user.status !== "deleted" ? account.user : null

  return {
    signUp: (visitor, input) => signUp(kit, visitor, input),
    pendingSignUp: (browserId) => pendingSignUp(kit, browserId),
    resendCode: (visitor) => resendCode(kit, visitor),
    verifySignUp: createSignUpVerifier(kit),

    requestPasswordReset: (visitor, input) => requestPasswordReset(kit, visitor, input),
    passwordResetOf: (token) => passwordResetOf(kit, token),
    resetPassword: (visitor, input) => resetPassword(kit, visitor, input),
    changePassword: (visitor, input) => changePassword(kit, visitor, input),

    requestEmailChange: (visitor, input) => requestEmailChange(kit, visitor, input),
    pendingEmailChange: (browserId, userId) => pendingEmailChange(kit, browserId, userId),
    resendEmailChange: (visitor, userId) => resendEmailChange(kit, visitor, userId),
    confirmEmailChange: (visitor, input) => confirmEmailChange(kit, visitor, input),

    login: (visitor, input) => login(kit, visitor, input),
    sessionByToken: sessions.createSessionReader(kit),
    openConsoleSession: (visitor, input) => sessions.openConsoleSession(kit, visitor, input),
    logout: (ctx, token, kind) => sessions.logout(kit, ctx, token, kind),
    sessionsOf: (userId) => sessions.sessionsOf(kit, userId),
    revokeSession: (ctx, input) => sessions.revokeSession(kit, ctx, input),
    revokeSessionsIn: sessions.revokeSessionsIn,

    userById: (id) => unlessDeleted(rows.accountById(store.read, id)),
    userByPublicId: (publicId) => unlessDeleted(rows.accountByPublicId(store.read, publicId)),
    userByEmail: (email) => unlessDeleted(rows.accountByEmail(store.read, normaliseEmail(email) ?? "")),
    searchUsers(search) {
      const limit = Math.min(Math.max(1, Math.trunc(search.limit)), L.searchRowsMax)
      return rows.searchUsers(store.read, { ...search, limit })
    },
    createUserIn: (tx, input) => createUserIn(kit, tx, input),
    createUser: (ctx, input) => createUser(kit, ctx, input),
    setName: (ctx, input) => store.write(ctx, (tx) => setNameIn(tx, input)),
    requireActiveIn,
    isSuspended: (userId) => kit.notActive.has(userId),
    suspendIn: (tx, input) => suspendIn(kit, tx, input),
    suspend: (ctx, input) => store.write(ctx, (tx) => suspendIn(kit, tx, input)),
    unsuspendIn: (tx, input) => unsuspendIn(kit, tx, input),
    unsuspend: (ctx, input) => store.write(ctx, (tx) => unsuspendIn(kit, tx, input)),

    hasAdmin: () => rows.otherAdmins(store.read, 0) > 0,
    setAdminIn,
    createSetupLink: (ctx) => createSetupLink(kit, ctx),
    isSetupLinkOpen: (token) => isSetupLinkOpen(kit, token),
    claimSetup: (visitor, input) => claimSetup(kit, visitor, input),
    claimSetupSignedIn: (visitor, input) => claimSetupSignedIn(kit, visitor, input),

    composeMail: (payload) => composeMail(kit, payload),
    purge: (ctx) =>
      store.write(ctx, (tx) => {
        const limit = L.purgeRowsMax
        const codes = purgeCodes(tx, tx.now - L.pendingMs, limit)
        const counters = purgeCounters(tx, tx.now - L.loginForgetMs * 2, limit)
        const resets = purgeResets(tx, tx.now - L.pendingMs, limit)
        return codes + counters + resets + purgeSessions(tx, tx.now - L.sessionKeptMs, limit)
      }),
  }
}
