// /apps/:consent/tools: which of a person's tools an app may use.
import { AppToolsPage } from "../../../views/console/app-tools.tsx"
import { ensure } from "../../app/index.ts"
import { form } from "../../http/index.ts"
import { type ConsentWithClient, isWider, type ToolPaths } from "../../oauth/index.ts"
import { noTools, TOOL_FIELDS, toolAsk, toolsSent, toolTitles, toolValues } from "../auth/index.ts"
import { type PageRequest, undoTo } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

const FORM = form(TOOL_FIELDS, { submit: "Save tools" })

/** Null means all, undefined that nothing was said. */
function saved(values: Parameters<typeof toolsSent>[0], before: ToolPaths): ToolPaths {
  const sent = toolsSent(values)
  return sent === undefined ? before : sent
}

type Deps = Pick<ConsoleDeps, "oauth" | "store" | "mcp">

export function appToolRoutes(
  site: ConsoleSite,
  deps: Deps,
  mine: (page: PageRequest, consent: string) => ConsentWithClient,
): void {
  const { oauth, store } = deps
  site.form("/apps/:consent/tools", {
    load(page, params) {
      const consent = mine(page, params.consent)
      ensure(consent.scopes.includes("mcp"), "not_found", "This app may not use tools.")
      return consent
    },
    form: FORM,
    present: ({ tools }) => toolValues(tools),
    check: ({ readable }) =>
      noTools(readable) ? { paths: "Tick at least one. To end its use of all of them, revoke the app." } : {},
    // Whoever finds a browser open may take tools away from an app, not give it more.
    fresh: (values, { tools }) => isWider(tools, saved(values, tools)),
    async act(page, values, consent) {
      const tools = saved(values, consent.tools)
      const { userId } = page.session
      await store.write(page.ctx("changed which tools an app may use"), (tx) =>
        oauth.updateToolsIn(tx, { userId, consentPublicId: consent.publicId, tools }),
      )
      const titles = toolTitles(deps, userId, tools)
      const undo = undoTo(`/apps/${consent.publicId}/tools`, FORM, toolValues(consent.tools))
      return { to: "/apps", say: `${consent.client.name} may use ${titles?.join(", ") ?? "all your tools"}.`, undo }
    },
    show(page, view, consent, status) {
      const typed = (name: string) => view.fields.find((one) => one.name === name)?.typed ?? []
      const chosen = toolsSent({ reach: typed("tools")[0], paths: [...typed("tool")] }) ?? null
      const ask = toolAsk(deps, page.session.userId, { named: null, chosen })
      const app = { name: consent.client.name }
      return page.render((frame) => AppToolsPage({ frame, app, ask, form: view }), status)
    },
  })
}
