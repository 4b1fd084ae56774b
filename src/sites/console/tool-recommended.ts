// /mcp/new/:recommended: a server that the operator recommends, added by a person as themselves.
import { serverPath } from "../../../views/console/tool-group.tsx"
import { type RecommendedRow, ToolRecommendedPage } from "../../../views/console/tool-recommended.tsx"
import { AppError, ensure } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import { MCP_LIMITS, type Recommended } from "../../mcp/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "mcp">

const FORM = form(
  {
    group: field.choice<string>({ label: "Group", options: [], byDomain: true }),
    credential: field.secret({ label: "Token or key", required: true, help: "Kept sealed, and never shown again." }),
  },
  { submit: "Add server" },
)
/** For somebody who has no group. */
const NEW_GROUP = ""

const wantsCredential = ({ auth }: Recommended): boolean => auth === "bearer" || auth === "key"

export function toolRecommendedRoutes(site: ConsoleSite, { mcp }: Deps): void {
  site.form("/mcp/new/:recommended", {
    load(_, { recommended }) {
      const one = mcp.catalogue.bySlug(recommended)
      ensure(one?.active, "not_found", "There is no such server. Those that there are stand under Tools.")
      return one
    },
    form: FORM,
    adapt: (given, one) => (wantsCredential(one) ? given : given.with({ credential: null })),
    present: () => ({ group: NEW_GROUP, credential: "" }),
    async act(page, { group, credential }, one) {
      const { userId } = page.session
      const input = { userId, slug: one.slug, group: group || null, credential: credential || null }
      const added = await mcp.catalogue.add(page.ctx("added a recommended tool server"), input).catch(onForm)
      const say =
        added.server.state === "consent"
          ? `${one.title} is there. Sign in at it, so that it answers you.`
          : `${one.title} is connected.`
      return { to: serverPath(added.group, added.server.publicId), say }
    },
    show(page, view, one, status) {
      const groups = mcp.groups(page.session.userId).map(({ name, title }) => ({ value: name, label: title }))
      const options = groups.length === 0 ? [{ value: NEW_GROUP, label: "A new group, My tools" }] : groups
      const fields = view.fields.map((one) => (one.name === "group" ? { ...one, options } : one))
      return page.render(
        (frame) => ToolRecommendedPage({ frame, server: shown(one), form: { ...view, fields } }),
        status,
      )
    },
  })
}

/** What the address is refused for is about no field of this form. */
function onForm(error: unknown): never {
  const { formErrors } = error instanceof AppError ? error.extra : {}
  if (!(error instanceof AppError) || !formErrors) throw error
  const { credential, url, name } = formErrors
  throw new AppError(error.code, error.message, {
    ...error.extra,
    formErrors: { ...(credential ? { credential } : {}), ...(url || name ? { form: (url ?? name)! } : {}) },
  })
}

const shown = ({ slug, title, words, url, auth }: Recommended) => ({
  slug,
  title,
  words,
  host: new URL(url).host,
  auth,
})

/** What is recommended, with where the person has it already. */
export function recommendedRows({ mcp }: Deps, page: PageRequest): RecommendedRow[] {
  const groups = mcp.groups(page.session.userId)
  const has = new Map<string, string>()
  for (const group of groups)
    for (const { url, publicId } of mcp.servers(group.id)) has.set(url, serverPath(group.name, publicId))
  const isFull = groups.length === 1 && mcp.servers(groups[0]!.id).length >= MCP_LIMITS.serversPerGroupMax
  return mcp.catalogue.all().flatMap((one) => {
    if (!one.active) return []
    const atOnce = groups.length <= 1 && !isFull && !wantsCredential(one)
    return [
      { ...shown(one), has: has.get(one.url), atOnce: atOnce ? { group: groups[0]?.name ?? NEW_GROUP } : undefined },
    ]
  })
}
