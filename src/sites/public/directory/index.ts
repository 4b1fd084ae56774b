// The directory of apps, for anybody: found by words, looked at one by one, reported, and as a feed.
import {
  DirectoryAppPage,
  type DirectoryAsked,
  DirectoryPage,
  DirectoryReportPage,
} from "../../../../views/public/directory/index.ts"
import { AppError, limiter } from "../../../app/index.ts"
import { type Directory, DIRECTORY_LIMITS as L, type ListedApp } from "../../../directory/index.ts"
import { contextOf, field, form } from "../../../http/index.ts"
import { type Identity, networkOf } from "../../../identity/index.ts"
import { placeText, readPlace } from "../../../store/index.ts"
import { appShown, cardShown, type DirectoryShownDeps } from "../../console/index.ts"
import type { PublicRequest, PublicSite } from "../site.ts"
import { feedOf } from "./feed.ts"
import { structuredOf } from "./structured.ts"

export interface DirectoryDeps extends Omit<DirectoryShownDeps, "directory"> {
  directory: Pick<
    Directory,
    "find" | "bySlug" | "othersOf" | "newest" | "slugs" | "verified" | "developerName" | "report"
  >
  identity: Pick<Identity, "userByPublicId">
  siteUrl: string
}

const SORTS = ["best", "used", "new"] as const
const nothing = () => new AppError("not_found", "There is no such app. The directory lists them all.")

const REPORT = form(
  {
    kind: field.choice({
      label: "What is wrong",
      control: "radios",
      wrong: "Choose one of them.",
      options: [
        { value: "scam", label: "It deceives people, or takes their credits" },
        { value: "harmful", label: "It does harm, or breaks the law" },
        { value: "copy", label: "It passes for another app" },
        { value: "broken", label: "It does not work" },
        { value: "spam", label: "The listing is advertising or nonsense" },
        { value: "other", label: "Something else" },
      ],
    }),
    words: field.area({
      label: "What happened",
      optional: true,
      rows: 5,
      help: `At most ${L.reportChars.toLocaleString("en-US")} characters. Leave out passwords and what is private.`,
    }),
  },
  { submit: "Send report" },
)

/** Reports of one network: somebody who found several bad apps, and no flood. */
const PER_NETWORK: limiter.LimitRule = { kind: "window", name: "directory-reports", window: "hour", limit: 10 }
/** Networks that are counted at a time. */
const NETWORKS_MAX = 10_000

export function directoryRoutes(site: PublicSite, deps: DirectoryDeps): void {
  const { directory, oauth, clock } = deps
  const states = new limiter.MemoryStates(NETWORKS_MAX)
  site.get("/directory", (page) => listPage(deps, page))
  site.open("/directory/new.atom", () => feedOf(deps, clock.now()))
  site.get("/directory/:listing", (page, { listing }) => {
    const app = directory.bySlug(listing)
    const client = app && oauth.clientByPublicId(app.publicId)
    if (!app || !client) throw nothing()
    const shown = appShown(deps, app, client)
    const others = directory.othersOf(app).map((other) => cardShown(deps, other))
    const structured = structuredOf(shown, deps.siteUrl)
    return page.render((frame) => DirectoryAppPage({ frame, now: clock.now(), app: shown, others, structured }))
  })
  site.form("/directory/:listing/report", {
    load(_, { listing }): ListedApp {
      const app = directory.bySlug(listing)
      if (!app) throw nothing()
      return app
    },
    form: REPORT,
    async act(page, { kind, words }, { slug }) {
      const { ip, requestId } = contextOf(page.request)
      limit(states, ip, clock.now())
      const user = page.user?.id === undefined ? null : deps.identity.userByPublicId(page.user.id)
      const actor = user ? `user:${user.publicId}` : "system:directory-report"
      const ctx = { actor, requestId, reason: "reported an app of the directory" }
      await directory.report(ctx, { slug, userId: user?.id ?? null, kind, words })
      return { to: `/directory/${slug}`, say: "Thank you. The people who run this service look at it." }
    },
    show: (page, view, { slug, name }, status) =>
      page.render((frame) => DirectoryReportPage({ frame, slug, name, form: view }), status),
  })
}

/** @throws AppError rate_limit_exceeded */
function limit(states: limiter.MemoryStates, ip: string, nowMs: number): void {
  const refuse = (retryAfterSeconds: number): never => {
    const words = "Many reports came from your network. Try again in an hour."
    throw new AppError("rate_limit_exceeded", words, { retryAfterSeconds })
  }
  try {
    const decision = limiter.decide(states, [{ key: networkOf(ip), rule: PER_NETWORK }], nowMs)
    if (!decision.admitted) refuse(Math.max(1, Math.ceil(((decision.retryAtMs ?? nowMs) - nowMs) / 1_000)))
  } catch (error) {
    if (error instanceof limiter.LimiterFull) refuse(3_600)
    throw error
  }
}

function listPage(deps: DirectoryDeps, page: PublicRequest): Response {
  const { searchParams } = new URL(page.request.url)
  const said = (name: string, chars: number): string => (searchParams.get(name) ?? "").trim().slice(0, chars)
  const asked: DirectoryAsked = {
    q: said("q", L.queryChars),
    category: said("category", 40),
    tag: said("tag", L.tagChars).toLowerCase(),
    sort: SORTS.find((one) => one === searchParams.get("sort")) ?? "best",
  }
  const place = readPlace(searchParams.get("at"))
  const found = deps.directory.find({ ...asked, order: asked.sort, place })
  const props = {
    asked,
    categories: found.categories,
    apps: found.apps.map((app) => cardShown(deps, app)),
    nextAt: found.next && placeText(found.next),
    isFirst: place === null,
    isEmpty: found.isEmpty,
  }
  return page.render((frame) => DirectoryPage({ frame, ...props }))
}

/** Of everything that is listed, the newest first. */
export const directoryAddresses = ({ directory }: Pick<DirectoryDeps, "directory">, most: number): string[] =>
  directory.slugs(most).map((slug) => `/directory/${encodeURIComponent(slug)}`)
