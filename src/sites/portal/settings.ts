// /developer/settings: who makes a developer's apps, as people read it, and what payouts need to know of them.
import { DeveloperSettingsPage } from "../../../views/portal/settings.tsx"
import { field, form, seeOther } from "../../http/index.ts"
import { methodName, taxNumberName } from "../../payouts/index.ts"
import { may } from "../../teams/index.ts"
import { undoTo } from "../base/index.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const PATH = "/developer/settings"
const FORM = form(
  {
    company: field.text({
      label: "Company",
      help: "People read it as the maker of your apps and APIs. Empty: they read your name, or the name of your team.",
      optional: true,
      length: 120,
      autocomplete: "organization",
    }),
  },
  { submit: "Save" },
)

export function developerSettingsRoutes(site: PortalSite, { developers, payouts, identity, teams }: PortalDeps): void {
  site.form(PATH, {
    load: (page) => developers.developerOf(page.holder.id),
    form: FORM,
    present: (developer) => ({ company: developer?.company ?? "" }),
    async act(page, { company }, developer) {
      await developers.setCompany(page.ctx("changed their company"), { userId: page.holder.id, company })
      const whose = page.isTeam ? "the team’s name" : "your name"
      const say = company === "" ? `People read ${whose} now.` : `People read ${company} now.`
      return { to: PATH, say, undo: undoTo(PATH, FORM, { company: developer?.company ?? "" }) }
    },
    show(page, form, developer, status) {
      if (!developer) return seeOther("/developer")
      const userId = page.holder.id
      const seesMoney = page.acts === null || may(page.acts.role, "money")
      const method = seesMoney ? payouts.methodOf(userId) : null
      const tax = seesMoney ? payouts.taxNumberOf(userId) : null
      const props = {
        form,
        name: teams.nameOf(userId) ?? identity.userById(userId)?.name ?? page.session.email,
        company: developer.company,
        method: method && methodName(method),
        taxNumber: tax && taxNumberName(tax),
        acceptedMs: developer.acceptedMs,
      }
      return page.render((frame) => DeveloperSettingsPage({ frame, ...props }), status)
    },
  })
}
