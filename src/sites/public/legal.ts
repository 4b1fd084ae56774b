// /terms, /privacy, /developer-agreement, /cookie-policy: the version that holds, or one of its history.
import { LegalPage, type LegalVersionLine } from "../../../views/public/legal.tsx"
import { markdown } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { filled, LEGAL_LIMITS, LEGAL_TEXTS, LEGAL_TITLES, type LegalVersion } from "../../legal/index.ts"
import type { PublicDeps, PublicSite } from "./site.ts"

export function legalRoutes(
  site: PublicSite,
  { legal, legalFacts, clock }: Pick<PublicDeps, "legal" | "legalFacts" | "clock">,
): void {
  for (const text of LEGAL_TEXTS) {
    site.get(`/${text}`, (page) => {
      const asked = new URL(page.request.url).searchParams.get("version")
      const current = legal.current(text)
      const history = legal.history(text)
      const shown = asked === null ? current : history.find(({ version }) => version === asked)
      ensure(shown, "not_found", "There is no such version. The page lists them all.")
      const lineOf = (one: LegalVersion): LegalVersionLine => ({
        version: one.version,
        href: `/${text}?version=${encodeURIComponent(one.version)}`,
        since: one.effectiveMs === 0 ? null : new Date(one.effectiveMs).toISOString().slice(0, 10),
        changes: one.changes,
        state: one.version === current.version ? "holds" : one.effectiveMs > clock.now() ? "coming" : "past",
      })
      const props = {
        title: LEGAL_TITLES[text],
        html: markdown(filled(shown.source, legalFacts()), "ours", "legal").html,
        shown: lineOf(shown),
        history: history.slice(0, LEGAL_LIMITS.versionsShown).map(lineOf),
        currentHref: `/${text}`,
      }
      return page.render((frame) => LegalPage({ frame, ...props }))
    })
  }
}
