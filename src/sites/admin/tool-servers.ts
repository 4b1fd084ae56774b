// /admin/mcp: tool servers that the operator recommends to everybody: put in, changed, ordered, turned off, taken out.
import {
  AdminToolServerNewPage,
  AdminToolServerPage,
  AdminToolServerRemovalPage,
  AdminToolServersPage,
  recommendedPath,
} from "../../../views/admin/tool-servers.tsx"
import { ensure } from "../../app/index.ts"
import { button, field, form } from "../../http/index.ts"
import { MCP_LIMITS, type Recommended, type RecommendedTerms } from "../../mcp/index.ts"
import { newValues, type PageRequest, undoBy, undoing, undoTo } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const LIST = "/admin/mcp"

type Deps = Pick<AdminDeps, "mcp" | "clock">

const AUTHS = [
  { value: "none", label: "Nothing" },
  { value: "oauth", label: "People sign in there" },
  { value: "bearer", label: "A token of theirs (Authorization: Bearer)" },
  { value: "header", label: "A key of theirs in a header" },
  { value: "query", label: "A key of theirs in the address" },
] as const

const TERMS = {
  title: field.text({ label: "Name", required: true, length: MCP_LIMITS.titleCharsMax }),
  url: field.url({ label: "Address", help: "Such as https://mcp.example.com/mcp.", required: true }),
  words: field.area({
    label: "What it is good for",
    optional: true,
    rows: 2,
    max: MCP_LIMITS.recommendedWordsMax,
    help: "People read it before they add the server.",
  }),
  auth: field.choice({ label: "What it wants to see", options: AUTHS, control: "radios" }),
  keyName: field.text({
    name: "key_name",
    label: "Name of the header or parameter",
    help: "For a key, such as X-Api-Key.",
    optional: true,
    mono: true,
    length: MCP_LIMITS.keyNameCharsMax,
  }),
}
const CHANGE = form({ ...TERMS, reason: field.reason() }, { submit: "Save" })
const RECOMMEND = form(
  {
    ...TERMS,
    slug: field.text({
      label: "Short name",
      help: "What the server is called in people’s groups, such as github. It stays as it is.",
      required: true,
      mono: true,
      length: MCP_LIMITS.nameCharsMax,
    }),
    reason: field.reason(),
  },
  { submit: "Recommend" },
)
const REMOVAL = form({ reason: field.reason() }, { submit: "Remove", danger: true })

type Sent = Pick<RecommendedTerms, "title" | "url" | "words"> & {
  auth: (typeof AUTHS)[number]["value"]
  keyName: string
}

const termsOf = ({ auth, keyName, ...rest }: Sent): RecommendedTerms =>
  auth === "header" || auth === "query"
    ? { ...rest, auth: "key", keyIn: auth, keyName }
    : { ...rest, auth, keyIn: null, keyName: null }

const sentOf = ({ title, url, words, auth, keyIn, keyName }: Recommended): Sent => ({
  title,
  url,
  words,
  auth: auth === "key" ? keyIn! : auth,
  keyName: keyName ?? "",
})

export function toolServerRoutes(site: AdminSite, deps: Deps): void {
  const { mcp } = deps
  site.get(LIST, (page) => {
    const servers = mcp.catalogue.all()
    const isFull = servers.length >= MCP_LIMITS.recommendedMax
    return page.render((frame) => AdminToolServersPage({ frame, servers, isFull }))
  })
  site.form(
    `${LIST}/new`,
    {
      summary: "Recommend a tool server",
      form: RECOMMEND,
      present: () => ({ auth: "none" as const, words: "", keyName: "" }),
      async act(page, { reason, slug, ...sent }) {
        const one = await mcp.catalogue.recommend(page.ctx(reason), { slug, ...termsOf(sent) })
        return { to: LIST, say: `${one.title} is recommended to everybody now.`, result: { recommended: one.slug } }
      },
      show: (page, view, _, status) => page.render((frame) => AdminToolServerNewPage({ frame, form: view }), status),
    },
    LIST,
  )
  site.form(`${LIST}/:recommended`, {
    summary: "Change a recommended tool server",
    load: loader(deps),
    form: CHANGE,
    present: sentOf,
    kept: ["title", "url", "words", "auth", "keyName"],
    async act(page, { reason, ...sent }, before) {
      const after = await mcp.catalogue.change(page.ctx(reason), before.slug, termsOf(sent))
      const changed = newValues(CHANGE, sentOf(before), sentOf(after))
      const undo = undoTo(recommendedPath(before.slug), CHANGE, sentOf(before), { reason: undoing(reason) })
      return { to: LIST, say: changed ? `${after.title} now: ${changed}.` : `${after.title} is saved.`, undo }
    },
    show: (page, view, server, status) =>
      page.render((frame) => AdminToolServerPage({ frame, server, form: view, now: deps.clock.now() }), status),
  })
  site.form(`${LIST}/:recommended/removal`, {
    summary: "Remove a recommended tool server",
    load: loader(deps),
    form: REMOVAL,
    async act(page, { reason }, { slug }) {
      const { title } = await mcp.catalogue.remove(page.ctx(reason), slug)
      return { to: LIST, say: `${title} is recommended no more.` }
    },
    show: (page, view, server, status) =>
      page.render((frame) => AdminToolServerRemovalPage({ frame, server, form: view }), status),
  })
  stateRoutes(site, deps)
}

function stateRoutes(site: AdminSite, deps: Deps): void {
  const { catalogue } = deps.mcp
  const load = loader(deps)
  const pathOf = ({ slug }: Recommended) => recommendedPath(slug)
  const state =
    (active: boolean) =>
    async (page: PageRequest, _: unknown, { slug }: Recommended) => {
      const ctx = page.ctx(active ? "turned a recommended server on" : "turned a recommended server off")
      const { title } = await catalogue.turn(ctx, slug, active)
      const say = active ? `${title} is shown again.` : `${title} is not shown any more. Who added it keeps it.`
      return {
        to: recommendedPath(slug),
        say,
        undo: undoBy(`${recommendedPath(slug)}/${active ? "deactivation" : "activation"}`),
      }
    }
  site.post(`${LIST}/:recommended/activation`, {
    summary: "Turn a recommended tool server on",
    load,
    form: button("Turn on"),
    act: state(true),
    back: pathOf,
  })
  site.post(`${LIST}/:recommended/deactivation`, {
    summary: "Turn a recommended tool server off",
    load,
    form: button("Turn off"),
    act: state(false),
    back: pathOf,
  })
  site.post(`${LIST}/:recommended/up`, {
    summary: "Move a recommended tool server up",
    load,
    form: button("Move up"),
    async act(page, _, { slug }) {
      const { title } = await catalogue.raise(page.ctx("moved a recommended server up"), slug)
      return { to: LIST, say: `${title} stands higher now.` }
    },
    back: () => LIST,
  })
}

const loader =
  ({ mcp }: Deps) =>
  (_: unknown, params: { recommended: string }): Recommended => {
    const one = mcp.catalogue.bySlug(params.recommended)
    ensure(one, "not_found", "There is no such server. They are listed under Tool servers.")
    return one
  }
