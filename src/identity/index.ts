// The door of `identity`: people, how they prove who they are, and their sessions. Knows no client, no credit, no page.
import type { Tx } from "../store/index.ts"
import { asAdmin, setAdmin, setAdminByEmail } from "./admins.ts"
import { closedIn, closeIn, tombstoneIn } from "./closed.ts"
import type { Core } from "./core.ts"
import type { IdentityDeps } from "./deps.ts"
import { confirmEmailChange, pendingEmailChange, requestEmailChange, resendEmailChange } from "./email-change.ts"
import { federationVerbs, purgeAnswers } from "./federation/index.ts"
import { createHasher } from "./hasher.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { login } from "./login.ts"
import { claimLoginLink, createLoginLink, loginLinkOf } from "./login-link.ts"
import { passkeyVerbs, purgeChallenges } from "./passkeys/index.ts"
import { changePassword, passwordResetOf, requestPasswordReset, resetPassword, setFirstPassword } from "./password.ts"
import { setProfileIn } from "./profile.ts"
import { normaliseEmail } from "./rules.ts"
import { removeListIn, saveListIn } from "./saved-lists.ts"
import { ENROLMENT_MS, purgeUnconfirmed, secondStepVerbs } from "./second-step/index.ts"
import * as sessions from "./sessions.ts"
import { claimSetup, claimSetupSignedIn, createSetupLink, isSetupLinkOpen } from "./setup.ts"
import { pendingSignUp, resendCode, signUp } from "./sign-up.ts"
import { stepUpVerbs } from "./step-up/index.ts"
import { purgeCodes } from "./store/guards.ts"
import { purgeLoginLinks } from "./store/login-links.ts"
import { purgeResets } from "./store/resets.ts"
import { savedListsOf } from "./store/saved-lists.ts"
import { closeLinks, endAllSessions, purgeSessions } from "./store/sessions.ts"
import { purgeThrottles } from "./store/throttles.ts"
import * as rows from "./store/users.ts"
import { testUserVerbs } from "./test-users/index.ts"
import type { Identity } from "./types.ts"
import { createUser, createUserIn, requireActiveIn, setAdminIn, setNameIn, suspendIn, unsuspendIn } from "./users.ts"
import { createSignUpVerifier } from "./verify.ts"
import { askWork, purgeWorks } from "./work/index.ts"

export type { GoogleClient, IdentityDeps } from "./deps.ts"
export { deviceKind, deviceName, signInWords } from "./device-name.ts"
export {
  type Arrival,
  type Connection,
  FEDERATED,
  FEDERATION_LIMITS,
  type Issuer,
  type IssuerChange,
  type IssuerPreset,
  type Joined,
  type NewIssuer,
  type ResponseMode,
} from "./federation/index.ts"
export { createHasher, type Hasher, type Slot } from "./hasher.ts"

export { identityPart } from "./part.ts"
export type { PasskeyRequest, PasskeyShown } from "./passkeys/index.ts"
export type { ProfileInput } from "./profile.ts"
export { makeTeamPrincipalIn, openPoolIn, reservePrincipalsIn } from "./reserve.ts"
export { networkOf, normaliseEmail } from "./rules.ts"
export type { SecondStepState, WaitingStep } from "./second-step/index.ts"
export { type PeopleWhere, peopleWhere, peopleWith } from "./store/search.ts"
export { TEST_USER_LIMITS, type TestUser, type TestUserLink } from "./test-users/index.ts"
export type * from "./types.ts"

export function createIdentity(deps: IdentityDeps): Identity {
  const { store, clock, ids, keyring, mails, outbox, lifecycle, baseUrl } = deps
  const core: Core = {
    store,
    clock,
    ids,
    keyring,
    mails,
    outbox,
    lifecycle,
    baseUrl,
    google: deps.google ?? null,
    hasher: deps.hasher ?? createHasher(),
    settings: deps.settings ?? { get: (setting) => setting.default },
    adminEmails: new Set((deps.adminEmails ?? []).map((email) => normaliseEmail(email) ?? email)),
    notActive: new Set(rows.notActiveIds(store.read)),
  }
  const unlessDeleted = (account: rows.Account | null) =>
    account && account.user.status !== "deleted" ? account.user : null

  return {
    signUp: (visitor, input) => signUp(core, visitor, input),
    signUpWork: (visitor) => askWork(core, visitor),
    pendingSignUp: (browserId) => pendingSignUp(core, browserId),
    resendCode: (visitor) => resendCode(core, visitor),
    verifySignUp: createSignUpVerifier(core),

    requestPasswordReset: (visitor, input) => requestPasswordReset(core, visitor, input),
    passwordResetOf: (token) => passwordResetOf(core, token),
    resetPassword: (visitor, input) => resetPassword(core, visitor, input),
    changePassword: (visitor, input) => changePassword(core, visitor, input),

    setFirstPassword: (visitor, input) => setFirstPassword(core, visitor, input),

    requestEmailChange: (visitor, input) => requestEmailChange(core, visitor, input),
    pendingEmailChange: (browserId, userId) => pendingEmailChange(core, browserId, userId),
    resendEmailChange: (visitor, userId) => resendEmailChange(core, visitor, userId),
    confirmEmailChange: (visitor, input) => confirmEmailChange(core, visitor, input),

    login: (visitor, input) => login(core, visitor, input),
    ...secondStepVerbs(core),
    ...federationVerbs(core, { safeFetch: deps.issuerFetch, log: deps.log }),
    ...stepUpVerbs(core),
    ...passkeyVerbs(core),
    ...testUserVerbs(core),
    sessionByToken: sessions.createSessionReader(core),
    browserWord: (session) => sessions.browserWord(core, session),
    sessionByWord: (word) => sessions.sessionByWord(core, word),
    sessionBySid: (userId, sid) => sessions.sessionBySid(core, userId, sid),
    actAsIn: sessions.actAsIn,
    openConsoleSession: (visitor, input) => sessions.openConsoleSession(core, visitor, input),
    logout: (ctx, token, kind) => sessions.logout(core, ctx, token, kind),
    sessionsOf: (userId) => sessions.sessionsOf(core, userId),
    revokeSession: (ctx, input) => sessions.revokeSession(core, ctx, input),
    endEverythingIn(tx, reason) {
      closeLinks(tx)
      return endAllSessions(tx, reason)
    },

    userById: (id) => unlessDeleted(rows.accountById(store.read, id)),
    userByPublicId: (publicId) => unlessDeleted(rows.accountByPublicId(store.read, publicId)),
    userByEmail: (email) => unlessDeleted(rows.accountByEmail(store.read, normaliseEmail(email) ?? "")),
    searchUsers(search) {
      const limit = Math.min(Math.max(1, Math.trunc(search.limit)), L.searchRowsMax)
      return rows.searchUsers(store.read, { ...search, limit })
    },
    createUserIn: (tx, input) => createUserIn(core, tx, input),
    createUser: (ctx, input) => createUser(core, ctx, input),
    setName: (ctx, input) => store.write(ctx, (tx) => setNameIn(tx, input)),
    setProfile: (ctx, input) => store.write(ctx, (tx) => setProfileIn(tx, input)),
    requireActiveIn,
    isSuspended: (userId) => core.notActive.has(userId),
    suspendIn: (tx, input) => suspendIn(core, tx, input),
    suspend: (ctx, input) => store.write(ctx, (tx) => suspendIn(core, tx, input)),
    unsuspendIn: (tx, input) => unsuspendIn(core, tx, input),
    unsuspend: (ctx, input) => store.write(ctx, (tx) => unsuspendIn(core, tx, input)),

    closeIn: (tx, userId) => closeIn(core, tx, userId),
    closedIn,
    tombstoneIn,
    knownId: (publicId) => rows.accountByPublicId(store.read, publicId)?.user.id ?? null,

    savedLists: (userId, page) => savedListsOf(store.read, userId, page),
    saveList: (ctx, input) => store.write(ctx, (tx) => saveListIn(tx, input)),
    removeList: (ctx, input) => store.write(ctx, (tx) => removeListIn(tx, input)),

    hasAdmin: () => rows.otherAdmins(store.read, 0) > 0,
    isOnlyAdmin: (userId) =>
      rows.otherAdmins(store.read, userId) === 0 && (rows.accountById(store.read, userId)?.user.isAdmin ?? false),
    admins: () => rows.adminUsers(store.read),
    setAdminIn,
    setAdminByEmail: (ctx, input) => setAdminByEmail(core, ctx, input),
    setAdmin: (ctx, input) => setAdmin(core, ctx, input),
    asAdmin: (ctx, byId, act) => asAdmin(core, ctx, byId, act),
    createLoginLink: (ctx, email) => createLoginLink(core, ctx, email),
    loginLinkOf: (token) => loginLinkOf(core, token),
    claimLoginLink: (visitor, input) => claimLoginLink(core, visitor, input),
    createSetupLink: (ctx) => createSetupLink(core, ctx),
    isSetupLinkOpen: (token) => isSetupLinkOpen(core, token),
    claimSetup: (visitor, input) => claimSetup(core, visitor, input),
    claimSetupSignedIn: (visitor, input) => claimSetupSignedIn(core, visitor, input),

    sortNames: (ctx, rowsMax = L.purgeRowsMax) => store.write(ctx, (tx) => rows.sortNames(tx, rowsMax)),
    purge: (ctx, rowsMax = L.purgeRowsMax) =>
      store.write(ctx, (tx) => {
        let left = rowsMax
        for (const deleteOver of OVER) left -= deleteOver(tx, left)
        return rowsMax - left
      }),
  }
}

/** What anybody can make us write, and when nobody needs it any more. */
const OVER: readonly ((tx: Tx, rowsMax: number) => number)[] = [
  (tx, rowsMax) => purgeThrottles(tx, tx.now, rowsMax),
  (tx, rowsMax) => purgeCodes(tx, tx.now - L.pendingMs, rowsMax),
  (tx, rowsMax) => purgeResets(tx, tx.now - L.pendingMs, rowsMax),
  (tx, rowsMax) => purgeLoginLinks(tx, tx.now - L.pendingMs, rowsMax),
  (tx, rowsMax) => purgeAnswers(tx, tx.now, rowsMax),
  (tx, rowsMax) => purgeUnconfirmed(tx, tx.now - ENROLMENT_MS, rowsMax),
  (tx, rowsMax) => purgeChallenges(tx, tx.now, rowsMax),
  (tx, rowsMax) => purgeWorks(tx, tx.now, rowsMax),
  (tx, rowsMax) => purgeSessions(tx, tx.now - L.sessionKeptMs, rowsMax),
]
