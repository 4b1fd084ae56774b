// /marketplace/:api and what stands beside its documentation: plans, guides, changes, support.
import {
  MarketChangelogPage,
  MarketGuidePage,
  MarketPlansPage,
  MarketSupportPage,
  type SupportWay,
} from "../../../../views/console/market/index.ts"
import { ensure } from "../../../app/index.ts"
import { treeOf } from "./endpoint-shown.ts"
import { plansShown } from "./plans-shown.ts"
import { type Seen, seenOf } from "./seen.ts"
import type { MarketDeps, MarketSite } from "./site.ts"

export function productRoutes(site: MarketSite, deps: MarketDeps): void {
  const { catalog } = deps.marketplace
  const now = () => deps.clock.now()
  site.get("/marketplace/:api", (page, { api }) => {
    const seen = seenOf(deps, page, api)
    const billingHref = seen.mine ? `/subscriptions/${encodeURIComponent(seen.mine.publicId)}/plan` : null
    const props = {
      plans: plansShown(seen),
      endpoints: seen.endpoints.length,
      overview: seen.product.overview,
      billingHref,
    }
    return page.render((frame) => MarketPlansPage({ frame, now: now(), product: seen.head, ...props }))
  })
  site.get("/marketplace/:api/guides/:guide", (page, params) => {
    const seen = seenOf(deps, page, params.api)
    const guide = catalog.guide(seen.product.id, params.guide)
    ensure(guide, "not_found", "There is no such guide.")
    const tree = treeOf(seen, catalog.guidesOf(seen.product.id))
    const shown = { slug: guide.publicId, title: guide.title, text: guide.body }
    return page.render((frame) => MarketGuidePage({ frame, now: now(), product: seen.head, tree, guide: shown }))
  })
  site.get("/marketplace/:api/changelog", (page, params) => {
    const seen = seenOf(deps, page, params.api)
    const changes = catalog.changelogOf(seen.product.id).map((one) => ({
      id: one.publicId,
      atMs: one.publishedMs,
      version: one.version,
      title: one.title,
      text: one.body,
      isBreaking: one.breaking,
    }))
    // Mails are a person's own, about what they subscribed to themselves.
    const { userId, mine } = seen
    const follows = userId !== null && mine?.userId === userId ? catalog.follows(userId, seen.product.id) : undefined
    return page.render((frame) => MarketChangelogPage({ frame, now: now(), product: seen.head, changes, follows }))
  })
  site.get("/marketplace/:api/support", (page, params) => {
    const seen = seenOf(deps, page, params.api)
    const { contacts, questions } = catalog.supportOf(seen.product.id)
    const faq = questions.map(({ publicId, question, answer }) => ({ id: publicId, question, answer }))
    const ways = waysOf(seen, contacts)
    return page.render((frame) => MarketSupportPage({ frame, now: now(), product: seen.head, ways, faq }))
  })
}

type Contact = ReturnType<MarketDeps["marketplace"]["catalog"]["supportOf"]>["contacts"][number]
const LEVELS = ["community", "email", "priority", "dedicated"] as const
const levelOf = (level: (typeof LEVELS)[number]): number => LEVELS.indexOf(level)

/** A contact is there for its level of support and for all above it. */
export function waysOf({ plans, mine }: Pick<Seen, "plans" | "mine">, contacts: readonly Contact[]): SupportWay[] {
  return plans
    .filter(({ id, retiredMs }) => retiredMs === null || id === mine?.planId)
    .map((plan) => ({
      plan: plan.name,
      isMine: plan.id === mine?.planId,
      level: plan.supportLevel,
      contacts: contacts
        .filter(({ level }) => levelOf(level) <= levelOf(plan.supportLevel))
        .map(({ kind, label, target }) => ({ label: label || KINDS[kind], text: target, href: hrefOf(target) })),
    }))
}

const KINDS: Readonly<Record<Contact["kind"], string>> = {
  email: "Mail",
  chat: "Chat",
  tickets: "Tickets",
  forum: "Forum",
  person: "Contact",
  status: "Status",
}

/** Mail and the web alone; all else is words. */
export function hrefOf(target: string): string | undefined {
  if (/^https?:\/\//i.test(target)) {
    const url = URL.parse(target)
    return url && !url.username && !url.password ? url.href : undefined
  }
  return /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(target) ? `mailto:${encodeURI(target)}` : undefined
}
