// Calls of a tool through a group, by the official SDK's client: calls a second and added time, against the same client at the same server
// without us. Each call through the group is found, held, made, settled durably and told. `--quick` runs about 5 %.
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { part } from "./kit.ts"
import { house, tools } from "./mcp/server.ts"
import { inFolder, machine, median, percentile, two } from "./measure.ts"

export interface McpBenchResult {
  bench: "mcp"
  /** Calls a second through a group, of those straight to its server. */
  ratio: number
  calls_per_s: number
  direct_per_s: number
  p50_ms: number
  p99_ms: number
  /** At one call at a time. */
  added_p50_ms: number
  added_p99_ms: number
  /** Calls that were answered, that ran at the tool server, and that are charged: the same number, and the books hold. */
  exact: boolean
  calls: number
  cpus: number
  fsync_ms: number
}

const CLIENTS = 8
/** Calls that each client has in flight. */
const EACH = 4
const FULL = { ms: 3_000, rounds: 3 }
const QUICK = { ms: 300, rounds: 1 }

interface Ran {
  count: number
  perSecond: number
  times: number[]
}

export const run = (options: { quick?: boolean } = {}): Promise<McpBenchResult> =>
  inFolder(async (folder) => {
    const { ms, rounds } = options.quick ? QUICK : FULL
    const { cpus, fsync_ms, line } = machine(folder)
    console.log(line)
    const server = await part<{ url: string }, unknown>(import.meta.path, "tools")
    const purser = await part<{ url: string; secret: string }, unknown>(
      import.meta.path,
      "house",
      folder,
      server.first.url,
    )
    const direct = await clientsOf(server.first.url)
    const ours = await clientsOf(purser.first.url, purser.first.secret)
    const all: Record<"ours" | "direct", Ran[]> = { ours: [], direct: [] }
    const toolCalls = async () => (await server.ask<{ calls: number }>("called")).calls
    // The first calls take the day's credits, and open connections.
    let answered = (await load(ours, EACH, ms / 10)).count
    let ran = await toolCalls()
    for (let round = 0; round < rounds; round++) {
      const before = await toolCalls()
      const mine = await load(ours, EACH, ms)
      ran += (await toolCalls()) - before
      answered += mine.count
      all.ours.push(mine)
      all.direct.push(await load(direct, EACH, ms))
    }
    const before = await toolCalls()
    const single = await load(ours.slice(0, 1), 1, ms)
    ran += (await toolCalls()) - before
    answered += single.count
    const singleDirect = await load(direct.slice(0, 1), 1, ms)
    await Promise.all([...direct, ...ours].map((client) => client.close()))
    const { charged, wrong } = await purser.ask<{ charged: number; wrong: number }>("counted")
    await Promise.all([purser.finish(), server.finish()])
    const perSecond = (of: Ran[]) => median(of.map((one) => one.perSecond))
    const times = all.ours.flatMap((one) => one.times)
    const added = (percent: number) => two(percentile(single.times, percent) - percentile(singleDirect.times, percent))
    console.log(`ours   ${Math.round(perSecond(all.ours))}/s; direct ${Math.round(perSecond(all.direct))}/s`)
    console.log(`exact  ${answered} answered, ${ran} ran, ${charged} charged, ${wrong} checks of the books failed`)
    const result: McpBenchResult = {
      bench: "mcp",
      ratio: two(perSecond(all.ours) / perSecond(all.direct)),
      calls_per_s: Math.round(perSecond(all.ours)),
      direct_per_s: Math.round(perSecond(all.direct)),
      p50_ms: two(percentile(times, 50)),
      p99_ms: two(percentile(times, 99)),
      added_p50_ms: added(50),
      added_p99_ms: added(99),
      exact: answered === ran && ran === charged && wrong === 0,
      calls: answered,
      cpus,
      fsync_ms,
    }
    console.log(JSON.stringify(result))
    if (!result.exact) process.exitCode = 1
    return result
  })

const clientsOf = (url: string, secret?: string): Promise<Client[]> =>
  Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = new Client({ name: "bench", version: "1" })
      const requestInit = secret ? { headers: { authorization: `Bearer ${secret}` } } : {}
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }) as Transport)
      return client
    }),
  )

async function load(clients: readonly Client[], each: number, ms: number): Promise<Ran> {
  const times: number[] = []
  const startedMs = performance.now()
  const endMs = startedMs + ms
  const one = async (client: Client) => {
    while (performance.now() < endMs) {
      const sentMs = performance.now()
      const { content } = await client.callTool({ name: "echo", arguments: { text: "hello" } })
      times.push(performance.now() - sentMs)
      if ((content as { text: string }[])[0]?.text !== "hello") throw new Error("another answer")
    }
  }
  await Promise.all(clients.flatMap((client) => Array.from({ length: each }, () => one(client))))
  const seconds = (performance.now() - startedMs) / 1_000
  return { count: times.length, perSecond: times.length / seconds, times }
}

if (import.meta.main) {
  const [role, ...args] = process.argv.slice(2).map((arg) => /^--role=(.*)$/.exec(arg)?.[1] ?? arg)
  if (role === "tools") await tools()
  else if (role === "house") await house(args[0]!, args[1]!)
  else await run({ quick: process.argv.includes("--quick") })
}
