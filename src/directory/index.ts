// The door of `directory`: apps that their developers show to everybody, after an admin looked at them where the operator wants that.
import type { ClientId, UserId } from "../app/index.ts"
import { askedFor } from "../marketplace/index.ts"
import type { Client } from "../oauth/index.ts"
import type { WriteContext } from "../store/index.ts"
import {
  approveIn,
  featureIn,
  type ReportInput,
  reinstateIn,
  remarkIn,
  reportIn,
  settleReportsIn,
  suspendIn,
} from "./decide.ts"
import { findApps } from "./find.ts"
import { DIRECTORY_LIMITS as L } from "./limits.ts"
import { countPeople } from "./people.ts"
import { stageOf } from "./rules.ts"
import { DIRECTORY_REVIEWS } from "./settings.ts"
import { adminList, adminOne, countCut, deleteDecided, listingOf, openReports, shotsOf } from "./store.ts"
import { appBySlug, cardOf, listed, othersOf, publishedMsOf, slugs } from "./store-cards.ts"
import { sweepGone } from "./store-personal.ts"
import type { AddShot, AdminCut, DirectoryDeps, DirectoryQuery, ListedApp, ListingDraft, OwnRef } from "./types.ts"
import {
  addShot,
  askIn,
  draftOf,
  firstShotIn,
  needs,
  removeShotIn,
  saveDraftIn,
  unlistIn,
  withdrawIn,
} from "./write.ts"

export { CATEGORIES, DIRECTORY_LIMITS } from "./limits.ts"
export { directoryPart } from "./part.ts"
export { isBelow, type Need, type Stage } from "./rules.ts"
export { DIRECTORY_REVIEWS } from "./settings.ts"
export type * from "./types.ts"

const SWEEP = {
  actor: "system:sweep-directory",
  requestId: "job_sweep-directory",
  reason: "listings of apps that are gone",
}

/** What a developer does with the listing of an app of theirs. */
const ofDevelopers = (deps: DirectoryDeps) => ({
  wantsReviews: () => deps.settings.get(DIRECTORY_REVIEWS) === "wanted",
  save: (ctx: WriteContext, input: OwnRef & { draft: ListingDraft }) =>
    deps.store.write(ctx, (tx) => saveDraftIn(deps, tx, input)),
  addShot: (ctx: WriteContext, input: AddShot) => addShot(deps, ctx, input),
  removeShot: (ctx: WriteContext, ref: OwnRef & { shot: string }) =>
    deps.store.write(ctx, (tx) => removeShotIn(deps, tx, ref)),
  firstShot: (ctx: WriteContext, ref: OwnRef & { shot: string }) =>
    deps.store.write(ctx, (tx) => firstShotIn(deps, tx, ref)),
  ask: (ctx: WriteContext, ref: OwnRef) => deps.store.write(ctx, (tx) => askIn(deps, tx, ref)),
  withdraw: (ctx: WriteContext, ref: OwnRef) => deps.store.write(ctx, (tx) => withdrawIn(deps, tx, ref)),
  unlist: (ctx: WriteContext, ref: OwnRef) => deps.store.write(ctx, (tx) => unlistIn(deps, tx, ref)),
})

/** What admins decide, and what anybody says against a listing. */
const ofAdmins = (deps: DirectoryDeps) => ({
  approve: (ctx: WriteContext, input: { publicId: string; savedMs: number }) =>
    deps.store.write(ctx, (tx) => approveIn(deps, tx, input)),
  remark: (ctx: WriteContext, input: { publicId: string; remark: string }) =>
    deps.store.write(ctx, (tx) => remarkIn(deps, tx, input)),
  suspend: (ctx: WriteContext, input: { publicId: string; remark: string }) =>
    deps.store.write(ctx, (tx) => suspendIn(deps, tx, input)),
  reinstate: (ctx: WriteContext, publicId: string) => deps.store.write(ctx, (tx) => reinstateIn(deps, tx, publicId)),
  feature: (ctx: WriteContext, input: { publicId: string; on: boolean }) =>
    deps.store.write(ctx, (tx) => featureIn(deps, tx, input)),
  settleReports: (ctx: WriteContext, publicId: string) =>
    deps.store.write(ctx, (tx) => settleReportsIn(deps, tx, publicId)),
  report: (ctx: WriteContext, input: ReportInput) => deps.store.write(ctx, (tx) => reportIn(tx, input)),
  adminList: (cut: AdminCut, page: number) => adminList(deps.store.read, cut, page),
  adminOne: (publicId: string) => adminOne(deps.store.read, publicId),
  countCut: (cut: AdminCut) => countCut(deps.store.read, cut),
  openReports: (clientId: ClientId) => openReports(deps.store.read, clientId),
})

export function createDirectory(deps: DirectoryDeps) {
  const { store } = deps
  const { read } = store
  return {
    /** Everything of one app that its developer sees; null = nothing was written yet. */
    own(client: Client) {
      const listing = listingOf(read, client.id)
      const publishedMs = publishedMsOf(read, client.id)
      return {
        listing,
        stage: listing && stageOf(listing, publishedMs),
        shots: shotsOf(read, client.id),
        needs: needs(deps, read, client),
        draft: draftOf(read, client),
        card: cardOf(read, client.id),
      }
    },
    ...ofDevelopers(deps),
    ...ofAdmins(deps),

    find: (query: DirectoryQuery) => findApps(read, query),
    /** Null also for what was suspended a moment ago. */
    bySlug: (slug: string): ListedApp | null => appBySlug(read, slug),
    othersOf: (app: ListedApp) => othersOf(read, app),
    newest: (rows: number) =>
      listed(
        read,
        { q: "", category: "", tag: "", order: "new", place: null },
        askedFor(""),
        Math.min(rows, L.feedRows),
      ),
    slugs: (most: number) => slugs(read, most),
    /** Whether its developer showed that the place where “Use app” leads is theirs. */
    verified(app: Pick<ListedApp, "publicId">) {
      const client = deps.oauth.clientByPublicId(app.publicId)
      return client && deps.appHosts.verified(client)
    },
    developerName: (ownerId: UserId) => deps.developerName(ownerId),

    countPeople: () => countPeople(deps),
    sweep: (rows: number) =>
      store.write(SWEEP, (tx) => {
        const reports = deleteDecided(tx, tx.now - L.reportKeptMs, rows)
        return reports + (reports < rows ? sweepGone(tx, rows - reports) : 0)
      }),
  }
}

export type Directory = ReturnType<typeof createDirectory>
