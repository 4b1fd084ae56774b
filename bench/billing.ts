// Webhooks of paid orders over HTTP: each is proven, its page asked for again, its credits granted in two lots, and answered once that is
// durable. Floor of the same run: raw grouped writes of the very same rows. `--quick` runs about 2 % of it.
import { readFileSync } from "node:fs"
import { Floor } from "./billing/floor.ts"
import { dataFile, floorFile, requestsFile, server } from "./billing/server.ts"
import { load, once, part } from "./kit.ts"
import { inFolder, machine, median, two } from "./measure.ts"

export interface BillingBenchResult {
  bench: "billing"
  /** Of the floor, the worst of 1 and 32 senders. */
  ratio: number
  ratios: Record<string, number>
  webhooks_per_s: Record<string, number>
  floor_per_s: Record<string, number>
  p99_ms: Record<string, number>
  /** Webhooks of one commit. */
  group: Record<string, number>
  rows: number
  cpus: number
  fsync_ms: number
}

interface Mark {
  commits: number
  writes: number
}

const SENDERS = [1, 32]

export interface BillingBenchOptions {
  quick?: boolean
  print?: (line: string) => void
}

export const run = (options: BillingBenchOptions = {}): Promise<BillingBenchResult> =>
  inFolder(async (folder) => {
    const print = options.print ?? console.log
    const { cpus, fsync_ms, line } = machine(folder)
    print(line)
    const rounds = options.quick ? 1 : 5
    const webhooks = options.quick ? 50 : 1_000
    const all = webhooks * (rounds + 1) * SENDERS.length
    const ours = await part<{ port: number }, unknown>(import.meta.path, "server", folder, String(all))
    const requests = (JSON.parse(readFileSync(requestsFile(folder), "utf8")) as string[]).map((one) => Buffer.from(one))
    const floor = new Floor(floorFile(folder), dataFile(folder))
    const result: BillingBenchResult = {
      bench: "billing",
      ratio: Number.POSITIVE_INFINITY,
      ratios: {},
      webhooks_per_s: {},
      floor_per_s: {},
      p99_ms: {},
      group: {},
      rows: 0,
      cpus,
      fsync_ms,
    }
    for (const senders of SENDERS) {
      const found: { ours: number; floor: number; group: number; p99: number }[] = []
      for (let round = 0; round <= rounds; round++) {
        const before = await ours.ask<Mark>("mark")
        const sent = await load(ours.first.port, senders, 600_000, once(requests.splice(0, webhooks)))
        const after = await ours.ask<Mark>("mark")
        if (sent.bad > 0) throw new Error(`${sent.bad} webhooks were not taken: ${sent.firstBad}`)
        const group = (after.writes - before.writes) / (after.commits - before.commits)
        const raw = floor.replay(webhooks, Math.max(1, Math.round(group)))
        result.rows = raw.rows
        // The first round warms both.
        if (round > 0 || rounds === 1)
          found.push({ ours: sent.perSecond, floor: raw.perSecond, group, p99: sent.p99Ms })
      }
      const ratio = median(found.map((one) => one.ours / one.floor))
      result.ratios[senders] = two(ratio)
      result.webhooks_per_s[senders] = Math.round(median(found.map((one) => one.ours)))
      result.floor_per_s[senders] = Math.round(median(found.map((one) => one.floor)))
      result.p99_ms[senders] = two(median(found.map(({ p99 }) => p99)))
      result.group[senders] = two(median(found.map(({ group }) => group)))
      print(
        `${String(senders).padStart(3)} senders: ${result.webhooks_per_s[senders]} webhooks/s, ${result.group[senders]} a commit, ` +
          `p99 ${result.p99_ms[senders]} ms; floor ${result.floor_per_s[senders]} of ${result.rows} rows each; ratio ${ratio.toFixed(2)}`,
      )
    }
    result.ratio = Math.min(...Object.values(result.ratios))
    const proof = await ours.ask<{ ok: boolean; parked: number }>("proof")
    if (!proof.ok || proof.parked > 0) throw new Error(`the books do not hold after the run: ${JSON.stringify(proof)}`)
    floor.close()
    await ours.finish()
    print(JSON.stringify(result))
    return result
  })

if (import.meta.main) {
  const role = /^--role=(.*)$/.exec(process.argv[2] ?? "")?.[1]
  if (role === "server") await server(process.argv[3]!, Number(process.argv[4]))
  else await run({ quick: process.argv.includes("--quick") })
}
