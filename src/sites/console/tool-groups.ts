// /mcp: groups of tool servers, made, named and removed; a server is added to one.
import {
  serverPath,
  ToolGroupPage,
  type ToolGroupProps,
  ToolServerNewPage,
  type ToolServerRow,
} from "../../../views/console/tool-group.tsx"
import { groupPath, ToolGroupNewPage, ToolGroupRemovalPage, ToolsPage } from "../../../views/console/tools.tsx"
import { DAY_MS, ensure, type Nano, nano } from "../../app/index.ts"
import { button, field, form } from "../../http/index.ts"
import { type Group, MCP_LIMITS, type Server } from "../../mcp/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"
import { recommendedRows, toolRecommendedRoutes } from "./tool-recommended.ts"
import { toolUse, toolUseCsv } from "./tool-use.ts"

type Deps = Pick<ConsoleDeps, "mcp" | "clock" | "usage" | "oauth">

const NAME = field.text({
  label: "Short name",
  help: "In the addresses that agents use: small letters, digits and dashes. It stays as it is.",
  required: true,
  mono: true,
  length: MCP_LIMITS.nameCharsMax,
})
const TITLE = field.text({ label: "Name", required: true, length: MCP_LIMITS.titleCharsMax })
const NEW_GROUP = form({ title: TITLE, name: NAME }, { submit: "Make group" })
const RENAME = form({ title: TITLE }, { submit: "Save name" })

const AUTHS = [
  { value: "none", label: "Nothing, or you sign in there" },
  { value: "bearer", label: "A token (Authorization: Bearer)" },
  { value: "header", label: "A key in a header" },
  { value: "query", label: "A key in the address" },
] as const

const NEW_SERVER = form(
  {
    url: field.url({ label: "Address", help: "Such as https://mcp.example.com/mcp.", required: true }),
    name: field.text({
      label: "Short name",
      help: "Left empty, it is taken from the address. Tools are prefixed with it where two servers have the same one.",
      optional: true,
      mono: true,
      length: MCP_LIMITS.nameCharsMax,
    }),
    auth: field.choice({ label: "What it wants to see", options: AUTHS, control: "radios" }),
    credential: field.secret({ label: "Token or key", optional: true, help: "Kept sealed, and never shown again." }),
    keyName: field.text({
      label: "Name of the header or parameter",
      help: "For a key, such as X-Api-Key.",
      optional: true,
      mono: true,
      length: MCP_LIMITS.keyNameCharsMax,
    }),
  },
  { submit: "Add server" },
)

/** @throws AppError not_found */
export function groupOf({ mcp }: Pick<Deps, "mcp">, page: PageRequest, name: string): Group {
  const group = mcp.group(page.session.userId, name)
  ensure(group, "not_found", "You have no group of this name. Your groups are listed under Tools.")
  return group
}

export function toolGroupRoutes(site: ConsoleSite, deps: Deps): void {
  const { mcp, clock } = deps
  site.get("/mcp", (page) => {
    const spent = spentBy(deps, page)
    const groups = mcp.groups(page.session.userId).map((group) => rowOf(deps, group, spent.get(group.name)))
    const recommended = recommendedRows(deps, page)
    return page.render((frame) => ToolsPage({ frame, now: clock.now(), groups, recommended }))
  })
  site.form(
    "/mcp/new",
    {
      form: NEW_GROUP,
      async act(page, values) {
        const group = await mcp.createGroup(page.ctx("made a tool group"), { userId: page.session.userId, ...values })
        return { to: groupPath(group.name), say: `${group.title} is there. Add a server to it.` }
      },
      show: (page, view, _, status) =>
        page.render((frame) => ToolGroupNewPage({ frame: { ...frame, path: "/mcp/new" }, form: view }), status),
    },
    "/mcp",
  )
  site.form("/mcp/:group", {
    load: (page, { group }) => groupOf(deps, page, group),
    form: RENAME,
    present: ({ title }) => ({ title }),
    async act(page, { title }, before) {
      const ref = { userId: page.session.userId, group: before.name }
      const after = await mcp.renameGroup(page.ctx("renamed a tool group"), { ...ref, title })
      return { to: groupPath(after.name), say: `It is called ${after.title} now.` }
    },
    show(page, rename, group, status) {
      const use = toolUse(deps, page, group)
      return page.render((frame) => ToolGroupPage({ frame, rename, use, ...groupProps(deps, group) }), status)
    },
  })
  site.get("/mcp/:group/use.csv", (page, { group }) => toolUseCsv(deps, page, groupOf(deps, page, group)))
  addRoute(site, deps)
  toolRecommendedRoutes(site, deps)
  site.form("/mcp/:group/removal", {
    load: (page, { group }) => groupOf(deps, page, group),
    form: button("Remove group", true),
    async act(page, _, group) {
      const ref = { userId: page.session.userId, group: group.name }
      await mcp.removeGroup(page.ctx("removed a tool group"), ref)
      return { to: "/mcp", say: `${group.title} is removed.` }
    },
    show: (page, view, group, status) =>
      page.render(
        (frame) => ToolGroupRemovalPage({ frame, group, servers: mcp.servers(group.id).length, form: view }),
        status,
      ),
  })
}

function addRoute(site: ConsoleSite, { mcp, ...deps }: Deps): void {
  site.form("/mcp/:group/add", {
    load: (page, { group }) => groupOf({ mcp, ...deps }, page, group),
    form: NEW_SERVER,
    present: () => ({ auth: "none" as const }),
    async act(page, { auth, name, keyName, ...given }, group) {
      const isKey = auth === "header" || auth === "query"
      const server = await mcp.addServer(page.ctx("added a tool server"), {
        userId: page.session.userId,
        group: group.name,
        ...given,
        name: name || nameFrom(given.url),
        auth: isKey ? "key" : auth,
        keyIn: isKey ? auth : null,
        keyName: isKey ? keyName : null,
      })
      if (server.state === "consent")
        return {
          to: serverPath(group.name, server.publicId),
          say: "It is there. Sign in at it, so that it answers you.",
        }
      const offers = mcp.offers(server.id).filter(({ kind }) => kind === "tool").length
      return {
        to: serverPath(group.name, server.publicId),
        say: `Connected: ${offers === 1 ? "1 tool" : `${offers} tools`}.`,
      }
    },
    show: (page, view, group, status) =>
      page.render((frame) => ToolServerNewPage({ frame, group, form: view }), status),
  })
}

/** `https://mcp.linear.app/sse` → `linear`. */
function nameFrom(url: string): string {
  if (!URL.canParse(url)) return "server"
  const labels = new URL(url).hostname.split(".").filter((label) => !["www", "mcp", "api"].includes(label))
  const name = (labels.length > 1 ? labels.at(-2)! : (labels[0] ?? "")).toLowerCase().replace(/[^a-z0-9]+/g, "-")
  return name.replace(/^-|-$/g, "").slice(0, MCP_LIMITS.nameCharsMax) || "server"
}

const SPENT_DAYS = 30

/** By group, of the last days. */
function spentBy({ usage, clock }: Deps, page: PageRequest): Map<string, Nano> {
  const today = Math.floor(clock.now() / DAY_MS)
  const spent = new Map<string, Nano>()
  for (const { endpoint, model, collectedNano } of usage.byModel(
    page.session.userId,
    "live",
    today - SPENT_DAYS + 1,
    today,
  )) {
    const group = endpoint === "mcp" ? /^mcp:([^/]+)\//.exec(model)?.[1] : undefined
    if (group !== undefined) spent.set(group, nano((spent.get(group) ?? 0) + collectedNano))
  }
  return spent
}

const stateOf = ({ mcp }: Pick<Deps, "mcp">, server: Server): ToolServerRow["state"] => {
  if (!server.active) return "off"
  if (server.state === "failing" || server.state === "consent") return server.state
  return mcp.waiting(server.id).offers.length > 0 ? "waiting" : "ok"
}

export { stateOf as toolServerState }

function rowOf(deps: Deps, group: Group, spent: Nano = nano(0)) {
  const servers = deps.mcp.servers(group.id)
  const used = servers.flatMap(({ usedMs }) => usedMs ?? [])
  return {
    name: group.name,
    title: group.title,
    servers: servers.length,
    tools: deps.mcp.exposed(group.id, "tool").length,
    needsLook: servers.some((server) => !["ok", "off"].includes(stateOf(deps, server))),
    usedMs: used.length === 0 ? null : Math.max(...used),
    spent,
  }
}

function groupProps(deps: Deps, group: Group): Omit<ToolGroupProps, "frame" | "rename" | "use"> {
  const exposed = Map.groupBy(deps.mcp.exposed(group.id, "tool"), ({ server }) => server.id)
  return {
    now: deps.clock.now(),
    group,
    url: deps.mcp.urlOf(group),
    servers: deps.mcp.servers(group.id).map((server) => ({
      id: server.publicId,
      name: server.name,
      title: server.title,
      host: new URL(server.url).host,
      state: stateOf(deps, server),
      tools: exposed.get(server.id)?.length ?? 0,
      usedMs: server.usedMs,
    })),
  }
}
