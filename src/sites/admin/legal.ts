// /admin/legal: versions of the legal pages, written in Markdown, looked at before they are public.
import { AdminLegalAskedPage, AdminLegalPage, AdminLegalTextPage } from "../../../views/admin/legal.tsx"
import { markdown } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import {
  LEGAL_FACTS,
  LEGAL_LIMITS,
  LEGAL_TEXTS,
  LEGAL_TITLES,
  type LegalText,
  sourceProblem,
} from "../../legal/index.ts"
import { announcementRoutes } from "./announcements.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const LEGAL_FORM = form(
  {
    source: field.area({
      label: "Text",
      missing: "Write a text.",
      max: LEGAL_LIMITS.sourceChars,
      rows: 24,
      mono: true,
    }),
    changes: field.area({
      label: "What changed",
      help: "For people, in a sentence or two. It stays in the public history.",
      missing: "Say what changed.",
      max: LEGAL_LIMITS.changesChars,
      rows: 2,
    }),
    effectiveMs: field.date({
      name: "effective",
      label: "Holds from (UTC)",
      help: "Empty: from now on. A later day is announced on the page until then.",
      optional: true,
    }),
    asks: field.box({ label: "People have to accept it again" }),
    reason: field.reason(),
  },
  { submit: "Look at it and publish" },
)

type Deps = Pick<AdminDeps, "legal" | "legalFacts" | "clock">

/** What a house says to people: its legal pages, and what it announces. */
export function wordRoutes(site: AdminSite, deps: AdminDeps): void {
  legalRoutes(site, deps)
  announcementRoutes(site, deps)
}

function legalRoutes(site: AdminSite, { legal, legalFacts, clock }: Deps): void {
  site.get("/admin/legal", (page) => {
    const texts = LEGAL_TEXTS.map((text) => {
      const { version, effectiveMs } = legal.current(text)
      const sinceMs = effectiveMs === 0 ? null : effectiveMs
      return { text, title: LEGAL_TITLES[text], version, sinceMs, coming: legal.coming(text).length }
    })
    return page.render((frame) => AdminLegalPage({ frame, now: clock.now(), texts }))
  })
  site.form("/admin/legal/:legal", {
    summary: "Publish a version of a legal page",
    load: (_, params) => textOf(params.legal),
    form: LEGAL_FORM,
    kept: ["source"],
    present: (text) => ({ source: legal.current(text).source }),
    check: ({ readable, unread }) =>
      unread.includes("source") ? {} : { source: sourceProblem(readable.source ?? "") ?? undefined },
    question: ({ asks }, text) => ({
      words: [
        isAgreement(text) && asks ? "Everybody who agreed before is asked again." : "Nobody is asked again.",
        "Versions cannot be changed or deleted afterwards.",
      ],
      label: "Publish",
      danger: false,
    }),
    ask(page, asked, text) {
      const after = asked.hidden.source ?? ""
      const props = {
        title: LEGAL_TITLES[text],
        text,
        html: markdown(legal.filled(after, legalFacts()), "ours", "legal").html,
        before: legal.current(text).source,
        after,
        asked,
      }
      return page.render((frame) => AdminLegalAskedPage({ frame, ...props }))
    },
    async act(page, { reason, effectiveMs, ...words }, text) {
      const input = { text, ...words, ...(effectiveMs === null ? {} : { effectiveMs }) }
      const { version } = await legal.publish(page.ctx(reason), input)
      return { to: "/admin/legal", say: `${LEGAL_TITLES[text]}: version ${version} is published.` }
    },
    show(page, view, text, status) {
      const props = { title: LEGAL_TITLES[text], text, facts: LEGAL_FACTS, form: view }
      return page.render((frame) => AdminLegalTextPage({ frame, ...props }), status)
    },
  })
}

/** The pages that people say yes to. */
const isAgreement = (text: LegalText): boolean => text === "terms" || text === "developer-agreement"

function textOf(name: string): LegalText {
  const text = LEGAL_TEXTS.find((one) => one === name)
  ensure(text, "not_found", "There is no such legal page. Choose one of the list.")
  return text
}
