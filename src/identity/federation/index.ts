// The door of sign-in with others.
import type { Log } from "../../app/index.ts"
import type { SafeFetch } from "../../http/index.ts"
import type { Core } from "../core.ts"
import { accountById } from "../store/users.ts"
import { beginTrip, callbackOf } from "./begin.ts"
import { confirmIssuers } from "./confirm.ts"
import { connectionsOf, disconnectIn } from "./connections.ts"
import { endTrip } from "./end.ts"
import {
  addIssuer,
  adoptConfigured,
  editIssuerIn,
  enableIssuerIn,
  raiseIssuerIn,
  removeIssuerIn,
  shown,
} from "./issuers.ts"
import { joinByCode, joinByPassword, sendJoinCode, waitingJoinOf } from "./join.ts"
import { testIssuer } from "./look.ts"
import { createMetadata } from "./metadata.ts"
import { fetchPicture } from "./picture.ts"
import { issuerRow, issuerRows, peopleOf } from "./store.ts"
import type { FederationVerbs } from "./types.ts"

export { FEDERATED } from "./enter.ts"
export { SEALED_ISSUER_SECRETS } from "./issuers.ts"
export { FEDERATION_LIMITS } from "./limits.ts"
export type { Elsewhere } from "./link.ts"
export { PICTURE_TOPIC } from "./picture.ts"
export { purgeAnswers } from "./store.ts"
export type * from "./types.ts"

export function federationVerbs(core: Core, { safeFetch, log }: { safeFetch: SafeFetch; log: Log }): FederationVerbs {
  const { store, clock } = core
  const metadata = createMetadata({ clock, safeFetch })
  return {
    issuers: () => issuerRows(store.read).map((row) => shown(core, row)),
    issuerBySlug(slug) {
      const row = issuerRow(store.read, slug)
      return row && shown(core, row)
    },
    issuerPeople: (issuer) => peopleOf(store.read, issuer),
    callbackOf: (slug) => callbackOf(core, slug),
    addIssuer: (ctx, input) => addIssuer(core, metadata, ctx, input),
    editIssuer: (ctx, slug, change) => store.write(ctx, (tx) => editIssuerIn(core, tx, slug, change)),
    enableIssuer: (ctx, slug, active) => store.write(ctx, (tx) => enableIssuerIn(core, tx, slug, active)),
    raiseIssuer: (ctx, slug) => store.write(ctx, (tx) => raiseIssuerIn(core, tx, slug)),
    removeIssuer: (ctx, slug) => store.write(ctx, (tx) => removeIssuerIn(core, tx, slug)),
    testIssuer: (slug) => testIssuer(core, metadata, safeFetch, slug),
    adoptConfigured: (ctx) => adoptConfigured(core, ctx),

    beginTrip: (visitor, trip) => beginTrip(core, metadata, visitor, trip),
    endTrip: (visitor, browserIds, slug, query) => endTrip({ core, metadata, log }, visitor, browserIds, slug, query),
    waitingJoinOf: (visitor, join) => waitingJoinOf(core, visitor, join),
    joinByPassword: (visitor, input) => joinByPassword(core, visitor, input),
    sendJoinCode: (visitor, join) => sendJoinCode(core, visitor, join),
    joinByCode: (visitor, input) => joinByCode(core, visitor, input),

    fetchPicture: (media, delivery) => fetchPicture({ core, safeFetch, media }, delivery),

    confirmIssuers: (userId) => confirmIssuers(core, store.read, userId),
    connectionsOf: (userId) => connectionsOf(store.read, userId),
    hasPassword: (userId) => accountById(store.read, userId)?.passwordHash != null,
    disconnectIn: (tx, input) => disconnectIn(core, tx, input),
  }
}
