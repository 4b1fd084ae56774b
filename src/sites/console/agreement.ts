// /agreement: terms that changed are accepted before anybody goes on.
import { AgreementPage } from "../../../views/console/agreement.tsx"
import { field, form, localPath, seeOther } from "../../http/index.ts"
import { AGREE } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

const FORM = form(
  {
    next: field.hidden({ label: "Where to go on", optional: true }),
    version: field.hidden({ label: "The version that was shown", optional: true }),
  },
  { submit: "I accept the terms" },
)

export function agreementRoutes(site: ConsoleSite, deps: Pick<ConsoleDeps, "legal" | "web">): void {
  const { legal, web } = deps
  const onwards = (next: string) => {
    const path = localPath(next, web.origins.hosts.console, "/dashboard")
    return path.split("?")[0] === AGREE ? "/dashboard" : path
  }
  site.form(AGREE, {
    load: (_page, _params, sent) => onwards(sent("next")),
    form: FORM,
    present: (next) => ({ next, version: legal.current("terms").version }),
    async act(page, { version }, next) {
      const again = `${AGREE}?${new URLSearchParams({ next })}`
      if (version !== legal.current("terms").version)
        return { to: again, say: "The terms changed once more. Please look again.", tone: "info" }
      const { userId, publicId } = page.session
      await legal.acceptTerms(page.ctx("accepted the terms"), { id: userId, publicId })
      return { to: next, say: "Thank you. The terms are accepted." }
    },
    show(page, view, next, status) {
      if (!legal.asksTerms(page.session.userId) && status.status === 200) return seeOther(next)
      const { version, changes } = legal.current("terms")
      return page.render((frame) => AgreementPage({ frame, version, changes, form: view }), status)
    },
  })
}
