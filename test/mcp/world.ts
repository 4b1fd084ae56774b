// A person with a group of one tool server, and a program of theirs that calls its tools.
import type { User } from "../../src/identity/index.ts"
import { NETWORKS, type Server } from "../../src/mcp/index.ts"
import { CTX, makeClient, makeDeveloper, makeUser, mintTokens, startTestServer, type TestServer } from "../build.ts"
import { startToolServer, type ToolServer } from "../fakes/mcp/index.ts"

export interface ToolWorld {
  server: TestServer
  peer: ToolServer
  user: User
  tools: Server
  /** A key of the person's, with the scope. */
  secret: string
  call(
    tool: string,
    args?: object,
    more?: { bearer?: string; headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<Response>
  balance(): number
  openHolds(): number
  close(): Promise<void>
}

export async function openToolWorld(overrides: Parameters<typeof startTestServer>[0] = {}): Promise<ToolWorld> {
  const server = await startTestServer(overrides)
  const { app } = server
  await app.settings.set(CTX, NETWORKS, { value: ["127.0.0.1"] })
  const peer = await startToolServer()
  const user = await makeUser(app)
  const { secret } = await app.keys.create(CTX, { userId: user.id, name: "K", scopes: ["mcp"] })
  await app.mcp.createGroup(CTX, { userId: user.id, name: "travel", title: "Travel" })
  const tools = await app.mcp.addServer(CTX, {
    userId: user.id,
    group: "travel",
    name: "peer",
    url: peer.url,
    auth: "bearer",
    credential: "the-servers-own-token",
  })
  return {
    server,
    peer,
    user,
    tools,
    secret,
    call: (tool, args = {}, { bearer = secret, headers = {}, signal } = {}) =>
      fetch(`${server.at("/v1/mcp/groups")}/travel/call`, {
        method: "POST",
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", ...headers },
        body: JSON.stringify({ tool, arguments: args }),
        ...(signal ? { signal } : {}),
      }),
    balance: () => app.ledger.wallet({ kind: "principal", id: user.id }, "live").balanceNano,
    openHolds: () => app.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM open_holds")!.n,
    async close() {
      await server.close()
      await peer.close()
    },
  }
}

/** An access token of an app that the person allowed to use tools. */
export async function appToken({ server, user }: ToolWorld, dailyNano?: number) {
  const developer = await makeDeveloper(server.app)
  const { client, secret } = await makeClient(server.app, { ownerId: developer.id, name: "App", scopes: ["mcp"] })
  const daily = dailyNano === undefined ? {} : { dailyNano }
  return mintTokens(server.app, { user, client, secret, scope: "mcp", ...daily })
}
