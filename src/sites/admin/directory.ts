// /admin/directory: listings that wait for a review, those that people reported, those that are shown. An admin lets in, sends back, suspends.
import { AdminDirectoryPage } from "../../../views/admin/directory.tsx"
import { AdminListingPage, ListingActPage } from "../../../views/admin/directory-listing.tsx"
import { DirectoryAppPage } from "../../../views/public/directory/index.ts"
import { ensure } from "../../app/index.ts"
import { type AdminCut, type AdminListing, DIRECTORY_LIMITS as L } from "../../directory/index.ts"
import { field, form } from "../../http/index.ts"
import type { PageRequest } from "../base/index.ts"
import { draftShown } from "../console/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "directory" | "oauth" | "identity" | "media" | "usage" | "clock">

const LIST = "/admin/directory"
const CUTS: readonly AdminCut[] = ["waiting", "reported", "listed", "suspended"]
const pathOf = ({ publicId }: AdminListing): string => `${LIST}/${publicId}`
const said = (help: string) => field.reason({ label: "What its developer reads", help })

/** When the words that the admin read were saved: an admin decides about those, whatever came after. */
const APPROVE = form(
  { saved: field.hidden({ label: "Saved", optional: true }), reason: field.reason() },
  { submit: "Put in the directory" },
)
const REMARK = form({ remark: said("It stands on the page of their listing.") }, { submit: "Send back" })
const SUSPEND = form(
  { remark: said("It stands on the page of their listing, and in the audit log.") },
  { submit: "Suspend listing", danger: true },
)
const REINSTATE = form({ reason: field.reason() }, { submit: "Let in again" })
const SETTLE = form({ reason: field.reason() }, { submit: "Leave it listed" })
const FEATURE = form({ on: field.box({ label: "Featured" }) }, { submit: "Save" })

export function directoryRoutes(site: AdminSite, deps: Deps): void {
  const { directory } = deps
  const load = (_: unknown, { app }: { app: string }): AdminListing => {
    const found = directory.adminOne(app)
    ensure(found, "not_found", "There is no such listing.")
    return found
  }
  site.get(LIST, (page) => listPage(deps, page))
  site.get(`${LIST}/:app`, (page, params) => onePage(deps, page, load(page, params)))
  site.get(`${LIST}/:app/preview`, (page, params) => previewPage(deps, page, load(page, params)))
  site.form(`${LIST}/:app/approval`, {
    summary: "Put an app in the directory",
    load: (page, params, sent) => ({ ...load(page, params), read: sent("saved") }),
    form: APPROVE,
    present: ({ read, savedMs }) => ({ saved: read || String(savedMs) }),
    async act(page, { saved, reason }, { publicId, name }) {
      await directory.approve(page.ctx(reason), { publicId, savedMs: Number(saved) })
      return { to: LIST, say: `${name} is in the directory. Its developer gets a mail.` }
    },
    show: (page, view, subject, status) => actPage(page, "approve", subject, view, status),
  })
  site.form(`${LIST}/:app/remark`, {
    summary: "Send a listing back to its developer",
    load,
    form: REMARK,
    async act(page, { remark }, { publicId, name }) {
      await directory.remark(page.ctx(remark), { publicId, remark })
      return { to: LIST, say: `The developer of ${name} reads what has to change.` }
    },
    show: (page, view, subject, status) => actPage(page, "remark", subject, view, status),
  })
  endRoutes(site, deps, load)
}

function endRoutes(
  site: AdminSite,
  { directory }: Deps,
  load: (page: unknown, params: { app: string }) => AdminListing,
): void {
  site.form(`${LIST}/:app/suspension`, {
    summary: "Take an app out of the directory",
    load,
    form: SUSPEND,
    async act(page, { remark }, subject) {
      await directory.suspend(page.ctx(remark), { publicId: subject.publicId, remark })
      return { to: pathOf(subject), say: `${subject.name} is not in the directory any more.` }
    },
    show: (page, view, subject, status) => actPage(page, "suspend", subject, view, status),
  })
  site.form(`${LIST}/:app/reinstatement`, {
    summary: "Let a listing in again",
    load,
    form: REINSTATE,
    async act(page, { reason }, subject) {
      await directory.reinstate(page.ctx(reason), subject.publicId)
      return { to: pathOf(subject), say: `The developer of ${subject.name} can list it again.` }
    },
    show: (page, view, subject, status) => actPage(page, "reinstate", subject, view, status),
  })
  site.form(`${LIST}/:app/reports`, {
    summary: "Leave an app listed in spite of reports",
    load,
    form: SETTLE,
    async act(page, { reason }, subject) {
      await directory.settleReports(page.ctx(reason), subject.publicId)
      return { to: pathOf(subject), say: "The reports are settled." }
    },
    show: (page, view, subject, status) => actPage(page, "settle", subject, view, status),
  })
  site.post(`${LIST}/:app/feature`, {
    summary: "Feature an app in the directory, or not",
    load,
    form: FEATURE,
    async act(page, { on }, subject) {
      const { publicId, name } = subject
      await directory.feature(page.ctx(on ? "featured an app" : "no longer features an app"), { publicId, on })
      return { to: pathOf(subject), say: on ? `${name} is featured now.` : `${name} is not featured any more.` }
    },
    back: pathOf,
  })
}

type Act = Parameters<typeof ListingActPage>[0]["act"]
type View = Parameters<typeof ListingActPage>[0]["form"]
type Shown = Parameters<PageRequest["render"]>[1]

const actPage = (page: PageRequest, act: Act, { publicId, name }: AdminListing, view: View, status: Shown): Response =>
  page.render((frame) => ListingActPage({ frame, act, app: { id: publicId, name }, form: view }), status)

function listPage({ directory, clock, identity, media }: Deps, page: PageRequest): Response {
  const query = new URL(page.request.url).searchParams
  const cut = CUTS.find((one) => one === query.get("show")) ?? "waiting"
  const number = Number(/^\d{1,4}$/.exec(query.get("page") ?? "")?.[0] ?? 0)
  const found = directory.adminList(cut, number)
  const rows = found.slice(0, L.adminRows)
  const props = {
    now: clock.now(),
    cut,
    counts: { waiting: directory.countCut("waiting"), reported: directory.countCut("reported") },
    rows: rows.map((row) => ({
      ...rowOf(row),
      iconUrl: media.addressOf({ purpose: "icon", subject: row.publicId }, 64),
      developer: row.ownerId === null ? "Nobody" : directory.developerName(row.ownerId),
      developerHref: hrefOf(identity, row),
    })),
    page: number,
    hasNext: found.length > rows.length,
  }
  return page.render((frame) => AdminDirectoryPage({ frame, ...props }))
}

const rowOf = (row: AdminListing) => ({
  id: row.publicId,
  name: row.name,
  tagline: row.tagline,
  state: row.state,
  askedMs: row.askedMs,
  reports: row.reports,
  people: row.people,
  isFeatured: row.featuredMs !== null,
})

const hrefOf = (identity: Deps["identity"], { ownerId }: AdminListing): string | null => {
  const owner = ownerId === null ? null : identity.userById(ownerId)
  return owner && `/admin/users/${owner.publicId}`
}

const clientOf = ({ oauth }: Pick<Deps, "oauth">, { publicId }: AdminListing) => {
  const client = oauth.clientByPublicId(publicId)
  ensure(client && client.ownerId !== null, "not_found", "There is no such listing.")
  return client
}

function onePage(deps: Deps, page: PageRequest, row: AdminListing): Response {
  const { directory, clock, identity } = deps
  const client = clientOf(deps, row)
  const { card, shots } = directory.own(client)
  const text = (words: Record<(typeof SAID)[number], string>) => SAID.map((key) => words[key]).join("\n")
  const changed = card && row.askedMs !== null ? { before: text(card), after: text(row) } : null
  const props = {
    now: clock.now(),
    listing: {
      ...rowOf(row),
      savedMs: row.savedMs,
      slug: row.slug,
      description: row.description,
      category: row.category,
      tags: row.tags,
      url: row.url,
      sourceUrl: row.sourceUrl,
      priceWords: row.priceWords,
      remark: row.remark,
      shots: shots.length,
      developer: directory.developerName(client.ownerId!),
      developerHref: hrefOf(identity, row),
      verified: directory.verified(row)?.host ?? null,
    },
    changed,
    reports: directory.openReports(client.id).map(({ kind, words, createdMs, userId }) => ({
      kind,
      words,
      createdMs,
      by: userId === null ? null : (identity.userById(userId)?.publicId ?? null),
    })),
  }
  return page.render((frame) => AdminListingPage({ frame, ...props }))
}

/** What an admin compares. */
const SAID = ["tagline", "category", "tags", "url", "sourceUrl", "priceWords", "description"] as const

function previewPage(deps: Deps, page: PageRequest, row: AdminListing): Response {
  const client = clientOf(deps, row)
  const { listing, shots, card } = deps.directory.own(client)
  const app = draftShown(deps, client, { listing: listing!, shots, card })
  const back = { href: pathOf(row), label: "Back to the listing" }
  const preview = { text: "As its developer wrote it last. Only its developer and admins see this page.", back }
  return page.render((frame) => DirectoryAppPage({ frame, now: deps.clock.now(), app, others: [], preview }))
}
