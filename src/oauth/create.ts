// Puts the domain together: loads keys and the memory of what is revoked, binds verbs to what they work with.

import { AppError } from "../app/index.ts"
import { assertAlive, requireGrantIn } from "./access/alive.ts"
import { challengeOf } from "./access/challenge.ts"
import { Resources } from "./access/resources.ts"
import { userinfo } from "./access/userinfo.ts"
import { assertOpens, createVerifier } from "./access/verify.ts"
import type { Oauth } from "./api.ts"
import {
  beginAuthorization,
  beginDevice,
  decide,
  peekAuthorization,
  resumeAuthorization,
} from "./authorize/endpoint.ts"
import { pushAuthorization } from "./authorize/push.ts"
import * as deletion from "./client/delete.ts"
import { createDocuments } from "./client/documents.ts"
import { moveClientIn } from "./client/move.ts"
import { deleteRegistration, readRegistration, registerDynamic } from "./client/register.ts"
import { removeClientIn } from "./client/remove.ts"
import { SecretUses } from "./client/secret-uses.ts"
import * as secrets from "./client/secrets.ts"
import * as shares from "./client/share.ts"
import * as clients from "./client/store.ts"
import * as client from "./client/verbs.ts"
import { createApprovals } from "./consent/approvals.ts"
import { permissionOf, requireAwayIn } from "./consent/away.ts"
import * as payers from "./consent/payer.ts"
import * as consents from "./consent/store.ts"
import * as consent from "./consent/verbs.ts"
import { type Core, loadRevoked } from "./core.ts"
import { createPolls } from "./device/polls.ts"
import { startDevice } from "./device/start.ts"
import { serverMetadata } from "./discovery.ts"
import { Nonces } from "./dpop/nonces.ts"
import { proveCall } from "./dpop/prove.ts"
import { eraseAppsIn } from "./erase.ts"
import { createFedcm } from "./fedcm/fedcm.ts"
import { loadKeys } from "./keys/keys.ts"
import { rotateWhenDue } from "./keys/schedule.ts"
import { beginLogout, logoutReturn } from "./logout/request.ts"
import { deliverLogout, sessionEndedIn, signedOutEverywhereIn } from "./logout/tell.ts"
import { ROTATE_DAYS } from "./settings.ts"
import { sweep } from "./sweep.ts"
import { token, tokenForFirstParty } from "./token/endpoint.ts"
import { introspect } from "./token/introspect.ts"
import { revoke } from "./token/revoke.ts"
import { liveTools } from "./token/store-live.ts"
import * as trials from "./token/trial.ts"
import type { OauthDeps, TeamsPort } from "./types.ts"

const NO_TEAMS: TeamsPort = {
  maySpend: () => false,
  mayFor: (_, userId, ownerId) => userId === ownerId,
  byId: () => null,
  spendableIn() {
    throw new AppError("not_found", "There are no teams here.")
  },
}
/** A token in a header, as most come. */
const NO_PROOF = { isDpop: false, proof: null, method: "GET" } as const

export async function createOauth(deps: OauthDeps): Promise<Oauth> {
  const { store, clock } = deps
  const secretUses = new SecretUses(store)
  const core: Core = {
    ...deps,
    wall: deps.wall ?? clock,
    teams: deps.teams ?? NO_TEAMS,
    teamPaid: new Set(consents.teamPaidConsents(store.read)),
    audience: `${deps.apiOrigin ?? deps.issuer}/v1`,
    consentMaxAgeMs: deps.consentMaxAgeMs ?? (() => null),
    keys: await loadKeys(deps),
    revoked: loadRevoked(store.read, clock.now()),
    shares: shares.loadShares(store.read),
    approvals: createApprovals(),
    resources: new Resources(deps.issuer, deps.apiOrigin),
    nonces: new Nonces(clock),
    polls: createPolls(),
    setting: (setting) => deps.settings?.get(setting) ?? setting.default,
    documents: createDocuments(),
    secretUses,
  }
  const verifyAccessToken = createVerifier(core)
  return {
    issuer: core.issuer,
    audience: core.audience,

    registerClientIn: (tx, input) => client.registerClientIn(core, tx, input),
    ensureFirstPartyIn: (tx, input) => client.ensureFirstPartyIn(core, tx, input),
    updateClientIn: (tx, input) => client.updateClientIn(core, tx, input),
    moveClientIn: (tx, input) => moveClientIn(core, tx, input),
    setReviewIn: (tx, input) => client.setReviewIn(tx, input),
    setShareIn: (tx, input) => shares.setShareIn(core, tx, input),
    shareBounds: () => shares.shareBounds(core),
    shareFor: (claims, ruleBp) => shares.shareFor(core, claims, ruleBp),
    addSecretIn: (tx, input) => secrets.addSecretIn(core, tx, input),
    revokeSecretIn: (tx, input) => secrets.revokeSecretIn(core, tx, input),
    secretsOf: (clientId) => secretUses.shown(clientId),
    flushSecretUses: () => secretUses.flush(),
    suspendClientIn: (tx, input) => client.setSuspendedIn(core, tx, input),
    unsuspendClientIn: (tx, input) => client.setSuspendedIn(core, tx, { ...input, reason: null }),
    deleteClientIn: (tx, input) => deletion.deleteClientIn(core, tx, input),
    restoreClientIn: (tx, input) => deletion.restoreClientIn(core, tx, input),
    removeClientIn: (tx, input) => removeClientIn(core, tx, input),
    registerDynamic: (input) => registerDynamic(core, input),
    readRegistration: (input) => readRegistration(core, input),
    deleteRegistration: (input) => deleteRegistration(core, input),
    isClientSuspended: (clientId) => core.revoked.clients.has(clientId),
    clientById: (id) => clients.clientById(store.read, id),
    clientByPublicId: (publicId) => clients.clientByPublicId(store.read, publicId),
    clientIn: (tx, publicId) => clients.clientByPublicId(tx, publicId),
    clientByGiven: (publicId) => clients.clientByGiven(store.read, publicId),
    clientsOf: (ownerId) => clients.clientsOf(store.read, ownerId),
    appsOfIn: (tx, ownerId) => clients.countClientsOf(tx, ownerId),
    appsToOpen: (limit) => clients.appsToOpen(store.read, limit),

    grantConsentIn: (tx, input) => consent.grantConsentIn(core, tx, input),
    consentsOf: (userId) => consents.activeConsentsOf(store.read, userId),
    updateLimitsIn: (tx, input) => consent.updateLimitsIn(core, tx, input),
    updateToolsIn: (tx, input) => consent.updateToolsIn(core, tx, input),
    updatePayerIn: (tx, input) => payers.updatePayerIn(core, tx, input),
    endPaidByIn: (tx, input) => payers.endPaidByIn(core, tx, input),
    payerOf: (claims) => payers.payerOf(core, claims),
    forgetToolsIn: (tx, input) => consent.forgetToolsIn(tx, input),
    toolsOf: (reader, consentId) => liveTools(reader, consentId),
    revokeConsentIn: (tx, input) => consent.revokeConsentIn(core, tx, input),
    limitFor: (tx, consentId, scope) => consents.limitFor(tx, consentId, scope),
    revokeGrantsOfUserIn: (tx, userId) => consent.revokeGrantsOfUserIn(core, tx, userId),
    revokeEveryGrantIn: (tx) => consent.revokeEveryGrantIn(core, tx),

    trialGrantIn: (tx, input) => trials.trialGrantIn(core, tx, input),
    signTrial: (grant) => trials.signTrial(core, grant),
    endTrialsIn: (tx, input) => trials.endTrialsIn(core, tx, input),
    trialEndsMs: (userId, clientPublicId) => trials.trialEndsMs(core, userId, clientPublicId),

    pushAuthorization: (input) => pushAuthorization(core, input),
    beginAuthorization: (input) => beginAuthorization(core, input),
    beginDevice: (input) => beginDevice(core, input),
    resumeAuthorization: (input) => resumeAuthorization(core, input),
    decide: (input) => decide(core, input),
    peekAuthorization: (input) => peekAuthorization(core, input),

    fedcm: createFedcm(core),

    beginLogout: (input) => beginLogout(core, input),
    logoutReturn: (request) => logoutReturn(core, request),
    sessionEndedIn: (tx, session) => sessionEndedIn(core, tx, session),
    signedOutEverywhereIn: (tx, userId) => signedOutEverywhereIn(core, tx, userId),
    deliverLogout: (delivery) => deliverLogout(core, delivery),

    startDevice: (input) => startDevice(core, input),
    token: (input) => token(core, input),
    tokenForFirstParty: (clientId, params, requestId) => tokenForFirstParty(core, clientId, params, requestId),
    revoke: (input) => revoke(core, input),
    introspect: (input) => introspect(core, input),
    async userinfo(token, call = {}) {
      const url = `${core.issuer}/userinfo`
      const claims = await verifyAccessToken(token, url)
      assertAlive(core, claims)
      if (claims.jkt !== null || call.isDpop) await proveCall(core, claims, { ...NO_PROOF, ...call, url, token })
      return userinfo(core, claims)
    },

    verifyAccessToken,
    assertAlive: (claims) => assertAlive(core, claims),
    assertOpens: (claims, url) => assertOpens(core, claims, url),
    proveCall: (claims, call) => proveCall(core, claims, call),
    challenge: (error, path, more) => challengeOf(error, { origin: core.resources.originOf(path), path, ...more }),
    challengeAt: (error, pathname) => {
      const { path } = core.resources.around(pathname)
      return challengeOf(error, { origin: core.resources.originOf(path), path })
    },
    requireGrantIn: (tx, claims, scope) => requireGrantIn(core, tx, claims, scope),
    eraseAppsIn: (tx, person, rows) => eraseAppsIn(core, tx, person, rows),
    permissionOf: (input) => permissionOf(core, store.read, input),
    requireAwayIn: (tx, input) => requireAwayIn(core, tx, input),

    discovery: () => serverMetadata(core),
    authorizationServerMetadata: () => serverMetadata(core),
    protectedResourceMetadata: (path) => core.resources.metadata(path),
    addResources: (find) => core.resources.add(find),
    jwks: () => core.keys.jwks(),
    rotateKeys: ({ requestId, actor, force }) =>
      core.keys.rotate({ actor, requestId, reason: "signing key rotation" }, force ?? false),
    rotateKeysWhenDue: () => rotateWhenDue(core, deps.settings?.get(ROTATE_DAYS) ?? ROTATE_DAYS.default),
    withdrawKeys: (ctx) => core.keys.withdraw(ctx),
    signingKeys: () => core.keys.list(),

    sweep: (rowsMax) => sweep(core, rowsMax),
  }
}
