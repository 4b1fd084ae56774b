// A person signs in at a tool server and comes back: /mcp/…/sign-in leads there, /mcp/callback/:tools takes what they bring.
import { ToolClientPage } from "../../../views/console/tool-client.tsx"
import { serverPath } from "../../../views/console/tool-group.tsx"
import { AppError } from "../../app/index.ts"
import { button, field, form } from "../../http/index.ts"
import { CLIENT_NEEDED, MCP_LIMITS } from "../../mcp/index.ts"
import { goOnTo } from "../auth/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"
import { type Found, serverIn } from "./tool-servers.ts"

type Deps = Pick<ConsoleDeps, "mcp" | "web">

const pathOf = ({ group, server }: Found): string => serverPath(group.name, server.publicId)

export function toolSignInRoutes(site: ConsoleSite, { mcp, web }: Deps): void {
  site.post("/mcp/:group/servers/:tools/sign-in", {
    load: (page, params: { group: string; tools: string }) => serverIn({ mcp }, page, params),
    form: button("Sign in there"),
    async act({ request, session }, _, found) {
      const { server } = found
      const location = await mcp.beginSignIn({ userId: session.userId, server: server.publicId }).catch(orClient)
      if (location instanceof AppError)
        return { to: `${pathOf(found)}/client`, say: location.message, tone: "error" as const }
      return goOnTo({ web }, request, { name: new URL(location).host, location })
    },
    back: pathOf,
  })
  clientRoute(site, { mcp, web })
  site.get("/mcp/callback/:tools", async (page, { tools }) => {
    const { userId } = page.session
    const found = mcp.server({ userId, server: tools })
    const brought = new URL(page.request.url).searchParams
    const back = (kind: "ok" | "error", text: string) => web.back(page.request, pathOf(found), { kind, text })
    try {
      const server = await mcp.endSignIn(page.ctx("signed in at a tool server"), {
        userId,
        server: tools,
        code: brought.get("code"),
        state: brought.get("state") ?? "",
        iss: brought.get("iss"),
      })
      const name = server.title || server.name
      return server.state === "ok"
        ? back("ok", `Signed in: ${name} answers.`)
        : back("error", server.problem ?? `${name} did not answer.`)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return back("error", error.message)
    }
  })
  // Asked by the sign-in of a server, which knows nobody here; the same for every id, so nobody learns which there are.
  site.open("/mcp/clients/:tools", (_, { tools }) =>
    Response.json(mcp.clientDocument(tools.slice(0, ID_CHARS)), {
      headers: { "cache-control": "public, max-age=3600" },
    }),
  )
}

/** What a person can do something about. */
function orClient(error: unknown): AppError {
  if (error instanceof AppError && error.extra.fields?.reason === CLIENT_NEEDED) return error
  throw error
}

const CLIENT = form(
  {
    clientId: field.text({
      name: "client_id",
      label: "Client ID",
      required: true,
      mono: true,
      length: MCP_LIMITS.clientIdCharsMax,
      autocomplete: "off",
    }),
    clientSecret: field.secret({
      name: "client_secret",
      label: "Client secret",
      optional: true,
      mono: true,
      help: "Kept sealed, and never shown again. Empty for a client without one.",
    }),
  },
  { submit: "Save client" },
)

function clientRoute(site: ConsoleSite, { mcp }: Deps): void {
  site.form("/mcp/:group/servers/:tools/client", {
    load(page, params: { group: string; tools: string }) {
      const found = serverIn({ mcp }, page, params)
      return { ...found, byHand: mcp.byHand({ userId: page.session.userId, server: found.server.publicId }) }
    },
    form: CLIENT,
    present: ({ byHand }) => ({ clientId: byHand.clientId ?? "", clientSecret: null }),
    async act(page, values, found) {
      const ref = { userId: page.session.userId, server: found.server.publicId }
      await mcp.setClient(page.ctx("entered an OAuth client for a tool server"), { ...ref, ...values })
      return { to: pathOf(found), say: "Saved. Sign in there now." }
    },
    show(page, view, { group, server, byHand }, status) {
      const shown = { id: server.publicId, title: server.title || server.name }
      return page.render((frame) => ToolClientPage({ frame, group, server: shown, byHand, form: view }), status)
    },
  })
}

const ID_CHARS = 40
