// A server in a process of its own, with a person who has a key and a tool server: for tests that kill it. Prints what it made.
import { NETWORKS } from "../../src/mcp/index.ts"
import { CTX, makeUser, startTestServer } from "../build.ts"
import { addModel } from "./model-world.ts"

const [dataDir = "", port = "", peer = "", upstream = ""] = process.argv.slice(2)
const server = await startTestServer({ dataDir, port: Number(port) })
const { app } = server
await app.settings.set(CTX, NETWORKS, { value: ["127.0.0.1"] })
const user = await makeUser(app)
const { secret } = await app.keys.create(CTX, { userId: user.id, name: "K", scopes: ["llm", "mcp"] })
await app.mcp.createGroup(CTX, { userId: user.id, name: "travel", title: "Travel" })
await app.mcp.addServer(CTX, { userId: user.id, group: "travel", name: "peer", url: peer, auth: "none" })
if (upstream !== "") await addModel({ server }, { url: upstream })
process.stdout.write(`${JSON.stringify({ secret, userId: user.id })}\n`)
