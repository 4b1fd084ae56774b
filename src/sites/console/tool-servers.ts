// /mcp/:group/servers/:tools: one tool server: asked anew, approved, turned on and off, given another credential, removed.
import { serverPath } from "../../../views/console/tool-group.tsx"
import {
  ToolCredentialPage,
  ToolServerPage,
  type ToolServerProps,
  ToolServerRemovalPage,
} from "../../../views/console/tool-server.tsx"
import { groupPath } from "../../../views/console/tools.tsx"
import { ensure } from "../../app/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { Definition, Group, Offer, Server } from "../../mcp/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"
import { toolServerState } from "./tool-groups.ts"

type Deps = Pick<ConsoleDeps, "mcp" | "clock">

export interface Found {
  group: Group
  server: Server
}

/** @throws AppError not_found */
export function serverIn(
  { mcp }: Pick<Deps, "mcp">,
  page: PageRequest,
  params: { group: string; tools: string },
): Found {
  const found = mcp.server({ userId: page.session.userId, server: params.tools })
  ensure(found.group.name === params.group, "not_found", "You have no server of this name.")
  return found
}

const SEEN = form({ seen: field.hidden({ label: "What was shown" }) }, { submit: "Allow" })
const CREDENTIAL = form(
  { credential: field.secret({ label: "New token or key", required: true }) },
  { submit: "Change credential" },
)
const PATH = "/mcp/:group/servers/:tools"
const pathOf = ({ group, server }: Found): string => serverPath(group.name, server.publicId)
const refOf = (page: PageRequest, { server }: Found) => ({ userId: page.session.userId, server: server.publicId })
const nameOf = ({ title, name }: Server): string => title || name

export function toolServerRoutes(site: ConsoleSite, deps: Deps): void {
  site.get(PATH, (page, params) => {
    const found = serverIn(deps, page, params)
    return page.render((frame) => ToolServerPage({ frame, ...serverProps(deps, found) }))
  })
  actRoutes(site, deps)
  endRoutes(site, deps)
}

function actRoutes(site: ConsoleSite, deps: Deps): void {
  const { mcp } = deps
  const load = (page: PageRequest, params: { group: string; tools: string }) => serverIn(deps, page, params)
  site.post(`${PATH}/refresh`, {
    load,
    form: button("Ask again"),
    async act(page, _, found) {
      const { state, problem } = await mcp.refresh(page.ctx("asked a tool server"), refOf(page, found))
      if (state === "ok") return { to: pathOf(found), say: `${nameOf(found.server)} answered.` }
      return { to: pathOf(found), say: problem ?? "It did not answer.", tone: "error" as const }
    },
    back: pathOf,
  })
  for (const [to, active] of [
    ["activation", true],
    ["deactivation", false],
  ] as const)
    site.post(`${PATH}/${to}`, {
      load,
      form: button(active ? "Turn on" : "Turn off"),
      async act(page, _, found) {
        await mcp.turnServer(page.ctx("turned a tool server on or off"), { ...refOf(page, found), active })
        return { to: pathOf(found), say: `${nameOf(found.server)} is ${active ? "on" : "off"}.` }
      },
      back: pathOf,
    })
  site.post(`${PATH}/approval`, {
    load,
    form: SEEN,
    async act(page, { seen }, found) {
      await mcp.approve(page.ctx("approved tools"), { ...refOf(page, found), seen })
      return { to: pathOf(found), say: "Allowed. They can be called from now on." }
    },
    back: pathOf,
  })
}

function endRoutes(site: ConsoleSite, deps: Deps): void {
  const { mcp } = deps
  const load = (page: PageRequest, params: { group: string; tools: string }) => serverIn(deps, page, params)
  const shown = ({ group, server }: Found) => ({ group, server: { id: server.publicId, title: nameOf(server) } })
  site.form(`${PATH}/credential`, {
    load,
    form: CREDENTIAL,
    async act(page, { credential }, found) {
      const input = { ...refOf(page, found), credential: credential ?? "" }
      const { state, problem } = await mcp.changeCredential(page.ctx("changed a credential"), input)
      const isGood = state === "ok"
      const say = isGood ? "Changed, and the server takes it." : `Changed, but: ${problem}`
      return { to: pathOf(found), say, tone: isGood ? ("ok" as const) : ("error" as const) }
    },
    show: (page, view, found, status) =>
      page.render((frame) => ToolCredentialPage({ frame, ...shown(found), form: view }), status),
  })
  site.form(`${PATH}/removal`, {
    load,
    form: button("Remove server", true),
    async act(page, _, found) {
      await mcp.removeServer(page.ctx("removed a tool server"), refOf(page, found))
      return { to: groupPath(found.group.name), say: `${nameOf(found.server)} is removed.` }
    },
    show: (page, view, found, status) =>
      page.render((frame) => ToolServerRemovalPage({ frame, ...shown(found), form: view }), status),
  })
}

const AUTHS: Readonly<Record<Server["auth"], string>> = {
  none: "Nothing",
  bearer: "A token",
  key: "A key",
  oauth: "Your account there",
}

/** In a list, not on its page. */
const WORDS_CHARS = 160

function serverProps({ mcp, clock }: Deps, { group, server }: Found): Omit<ToolServerProps, "frame"> {
  const offers = mcp.offers(server.id)
  const waiting = mcp.waiting(server.id)
  const count = (kind: Offer["kind"]) => offers.filter((offer) => offer.kind === kind).length
  return {
    now: clock.now(),
    group,
    server: {
      ...server,
      id: server.publicId,
      auth: AUTHS[server.auth],
      state: toolServerState({ mcp }, server),
      mayChangeCredential: server.auth === "bearer" || server.auth === "key",
      mayReconnect: server.auth === "oauth" && server.state !== "ok",
    },
    tools: offers
      .filter(({ kind }) => kind === "tool")
      .map(({ name, active, standing, definition }) => ({
        name,
        active,
        standing,
        title: titleOf(definition),
        description: (definition.description ?? "").slice(0, WORDS_CHARS),
        price: mcp.priceOf(group, name),
      })),
    waiting: {
      seen: waiting.seen,
      changes: waiting.offers.map(({ name, approved, definition }) => ({
        name,
        before: approved === null ? "" : textOf(approved),
        after: textOf(definition),
      })),
    },
    resources: count("resource") + count("template"),
    prompts: count("prompt"),
  }
}

export const titleOf = ({ title, annotations }: Definition): string =>
  title ?? (typeof annotations?.title === "string" ? annotations.title : "")

/** As a person reads it: the words first, then what it takes. */
function textOf({ description = "", ...rest }: Definition): string {
  return `${description}\n\n${JSON.stringify(rest, null, 2)}`
}
