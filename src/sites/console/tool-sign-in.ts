// A person signs in at a tool server and comes back: /mcp/…/sign-in leads there, /mcp/callback/:tools takes what they bring.
import { serverPath } from "../../../views/console/tool-group.tsx"
import { AppError } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { goOnTo } from "../auth/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"
import { type Found, serverIn } from "./tool-servers.ts"

type Deps = Pick<ConsoleDeps, "mcp" | "web">

const pathOf = ({ group, server }: Found): string => serverPath(group.name, server.publicId)

export function toolSignInRoutes(site: ConsoleSite, { mcp, web }: Deps): void {
  site.post("/mcp/:group/servers/:tools/sign-in", {
    load: (page, params: { group: string; tools: string }) => serverIn({ mcp }, page, params),
    form: button("Sign in there"),
    async act({ request, session }, _, { server }) {
      const location = await mcp.beginSignIn({ userId: session.userId, server: server.publicId })
      return goOnTo({ web }, request, { name: new URL(location).host, location })
    },
    back: pathOf,
  })
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

const ID_CHARS = 40
