// Portkey's gateway, as npx has it, under the same load against the same upstream: a foreign figure. It keeps no accounts, limits or
// books; it is compared with the bare proxy of the same rounds.
import { load, turns } from "../kit.ts"
import { median } from "../measure.ts"
import { requestsOf, type Scenario } from "./load.ts"

const PACKAGE = "@portkey-ai/gateway@1.15.2"
/** npx may have to fetch it. */
const START_MS = 120_000

export interface Portkey {
  port: number
  stop(): Promise<void>
}

/** @throws Error when it does not start, as without a network */
export async function startPortkey(): Promise<Portkey> {
  const port = freePort()
  const quiet = { stdin: "ignore", stdout: "ignore", stderr: "ignore" } as const
  // npx runs it as a process of its own, of the same group.
  const child = Bun.spawn(["npx", "-y", PACKAGE, "--headless", `--port=${port}`], { ...quiet, detached: true })
  const stop = async () => {
    process.kill(-child.pid)
    await child.exited
  }
  for (const endMs = performance.now() + START_MS; performance.now() < endMs && child.exitCode === null; ) {
    if (await isUp(port)) return { port, stop }
    await Bun.sleep(100)
  }
  if (child.exitCode === null) await stop()
  throw new Error(`${PACKAGE} did not start`)
}

function freePort(): number {
  const probe = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() })
  const port = probe.port!
  probe.stop(true)
  return port
}

const isUp = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )

/** Alternating rounds of Portkey and the bare proxy. @returns answers a second and their part of the proxy's, the medians */
export async function againstPortkey(
  { port }: Portkey,
  bare: { port: number; upstream: string },
  scenario: Scenario,
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<{ perSecond: number; ratio: number }> {
  const headers = { "x-portkey-provider": "openai", "x-portkey-custom-host": bare.upstream }
  const foreign = turns(requestsOf(["foreign"], scenario, headers))
  const own = turns(requestsOf(["foreign"], scenario))
  const run = async (port: number, request: () => Buffer, ms: number) => {
    const { perSecond, bad, firstBad } = await load(port, scenario.connections, ms, request)
    if (bad > 0) throw new Error(`${bad} answers were not 200, such as ${firstBad}`)
    return perSecond
  }
  await run(port, foreign, roundMs / 5)
  const rates: number[] = []
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const rate = await run(port, foreign, roundMs)
    rates.push(rate)
    ratios.push(rate / (await run(bare.port, own, roundMs)))
  }
  return { perSecond: Math.round(median(rates)), ratio: Math.round(median(ratios) * 1_000) / 1_000 }
}
