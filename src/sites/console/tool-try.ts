// /mcp/:group/servers/:tools/tools/:tool: one tool, its switch, and a form made of its schema that calls it.

import { ToolPage, type ToolResult } from "../../../views/console/tool.tsx"
import { serverPath } from "../../../views/console/tool-group.tsx"
import { toolPath } from "../../../views/console/tool-server.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { button, contextOf, type Fields, form } from "../../http/index.ts"
import type { Exposed, Offer, Tried } from "../../mcp/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"
import { fieldsOf } from "./tool-fields.ts"
import { type Found, serverIn, titleOf } from "./tool-servers.ts"

type Deps = Pick<ConsoleDeps, "mcp">

interface FoundTool extends Found {
  offer: Offer
  /** Null: it cannot be called now. */
  exposed: Exposed | null
}

const PATH = "/mcp/:group/servers/:tools/tools/:tool"
const CALL = form({} as Fields, { submit: "Call it" })

export function toolTryRoutes(site: ConsoleSite, { mcp }: Deps): void {
  const load = (page: PageRequest, params: { group: string; tools: string; tool: string }): FoundTool => {
    const found = serverIn({ mcp }, page, params)
    const offer = mcp.offers(found.server.id).find(({ kind, name }) => kind === "tool" && name === params.tool)
    ensure(offer, "not_found", "This server has no such tool.")
    const exposed = mcp.exposed(found.group.id, "tool").find((one) => one.offer.id === offer.id) ?? null
    return { ...found, offer, exposed }
  }
  site.form(PATH, {
    load,
    form: CALL,
    adapt: (_, { offer }) => form(fieldsOf(offer.definition.inputSchema), { submit: "Call it" }),
    async act(page, values, found) {
      ensure(found.exposed, "conflict", "It is turned off, or what it says of itself waits for your yes.")
      const tried = await mcp.tryTool({
        user: { id: page.session.userId, publicId: page.user?.id ?? "" },
        requestId: contextOf(page.request).requestId,
        group: found.group.name,
        tool: found.exposed.name,
        args: given(values),
        signal: page.request.signal,
      })
      const view = form(fieldsOf(found.offer.definition.inputSchema), { submit: "Call it" })
      const action = pathOf(found)
      return shown(
        { mcp },
        page,
        view.show({ action, present: values as never }),
        found,
        { status: 200 },
        resultOf(tried),
      )
    },
    show: (page, view, found, status) => shown({ mcp }, page, view, found, status, null),
  })
  for (const [to, active] of [
    ["activation", true],
    ["deactivation", false],
  ] as const)
    site.post(`${PATH}/${to}`, {
      load,
      form: button(active ? "Turn on" : "Turn off"),
      async act(page, _, { group, server, offer }) {
        const ref = { userId: page.session.userId, server: server.publicId }
        await mcp.turnTool(page.ctx("turned a tool on or off"), { ...ref, tool: offer.name, active })
        const say = `${offer.name} is ${active ? "on" : "off"}.`
        return { to: serverPath(group.name, server.publicId), say }
      },
      back: ({ group, server }) => serverPath(group.name, server.publicId),
    })
}

/** What was left empty is not sent. */
const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const pathOf = ({ group, server, offer }: FoundTool): string => toolPath(group.name, server.publicId, offer.name)

function resultOf({ result, chargedNano }: Tried): ToolResult {
  return {
    texts: result.content.flatMap((block) => (block.type === "text" ? [block.text] : [])),
    json: JSON.stringify(result),
    isError: result.isError === true,
    charged: chargedNano,
  }
}

function shown(
  { mcp }: Deps,
  page: PageRequest,
  view: FormView,
  { group, server, offer, exposed }: FoundTool,
  status: Status,
  result: ToolResult | null,
): Response {
  const { definition } = offer
  const tool = {
    name: exposed?.name ?? offer.name,
    title: titleOf(definition),
    description: definition.description ?? "",
    price: mcp.priceOf(group, offer.name),
    schema: JSON.stringify(definition.inputSchema ?? { type: "object" }),
    mayCall: exposed !== null,
  }
  const from = { id: server.publicId, title: server.title || server.name }
  return page.render((frame) => ToolPage({ frame, group, server: from, tool, form: view, result }), status)
}
