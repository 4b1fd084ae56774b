// Calls of published APIs: proxied calls a second with key, plan, rate and quotas, against a floor that forwards and keeps one durable
// counter; the bare proxy beside it; added time of one call; decisions a second; and whether the counter is exact. `--quick` runs about 2 %.

import type { Mark } from "./gateway/control.ts"
import { type Load, load, part, turns } from "./kit.ts"
import { bare, counting, upstream } from "./marketplace/floor.ts"
import { SEARCHES, type Sizes, server } from "./marketplace/server.ts"
import { inFolder, machine, two } from "./measure.ts"

export interface MarketplaceBenchResult {
  bench: "marketplace"
  /** Of the floor, in this run: calls a second. */
  ratio: number
  /** The same by processor time of a call, which other work on the machine does not change. */
  cpu_ratio: number
  calls_per_s: number
  floor_per_s: number
  bare_per_s: number
  p50_ms: number
  p99_ms: number
  /** At one call at a time, above the bare proxy. */
  added_p50_ms: number
  added_p99_ms: number
  /** Processor time of a call in our process and in the floor's, all threads. */
  cpu_us: number
  floor_cpu_us: number
  decisions_per_s: number
  /** Over so many products, one reader at a time: the page of one, and the search with its categories. */
  products: number
  product_page_p50_ms: number
  product_page_p99_ms: number
  search_p50_ms: number
  search_p99_ms: number
  /** Calls that were answered, units that were counted, calls in the log: the same number. */
  exact: boolean
  limit: number
  passed_at_limit: number
  cpus: number
  fsync_ms: number
}

interface Times extends Sizes {
  warmMs: number
  ms: number
  rounds: number
}

const SENDERS = 64
const FULL: Times = {
  subscribers: 50,
  products: 10_000,
  limit: 5_000,
  warmMs: 5_000,
  ms: 3_000,
  rounds: 3,
}
const QUICK: Times = { subscribers: 3, products: 60, limit: 100, warmMs: 50, ms: 150, rounds: 1 }

export const run = (
  options: { quick?: boolean; print?: (line: string) => void } = {},
): Promise<MarketplaceBenchResult> =>
  inFolder(async (folder) => {
    const print = options.print ?? console.log
    const sizes = options.quick ? QUICK : FULL
    const { cpus, fsync_ms, line } = machine(folder)
    print(line)
    const mock = await part<{ port: number }, unknown>(import.meta.path, "upstream")
    const upstreamUrl = `http://127.0.0.1:${mock.first.port}`
    interface First {
      port: number
      keys: string[]
      limited: string
      path: string
    }
    const ours = await part<First, unknown>(import.meta.path, "server", folder, upstreamUrl, JSON.stringify(sizes))
    const floor = await part<{ port: number }, unknown>(import.meta.path, "counting", upstreamUrl, folder)
    const plain = await part<{ port: number }, unknown>(import.meta.path, "bare", upstreamUrl)
    const { port, path, keys } = ours.first
    const request = (to: number, where: string, key?: string) =>
      Buffer.from(
        `GET ${where} HTTP/1.1\r\nHost: localhost:${to}\r\n${key ? `Authorization: Bearer ${key}\r\n` : ""}\r\n`,
      )
    const all = turns(keys.map((key) => request(port, path, key)))
    const [atFloor, atPlain] = [request(floor.first.port, "/w/berlin"), request(plain.first.port, "/w/berlin")]
    const loads: Record<"ours" | "floor" | "bare", Load[]> = { ours: [], floor: [], bare: [] }
    let answered = 0
    const used = { ours: 0, floor: 0 }
    const measured = async (part: Pick<typeof ours, "ask">, of: "ours" | "floor", work: () => Promise<Load>) => {
      const before = await part.ask<Mark>("mark")
      const done = await work()
      used[of] += (await part.ask<Mark>("mark")).cpuUs - before.cpuUs
      return done
    }
    // Each part compiles itself in its first seconds, and a server runs for months: all three are warmed alike before the clocks run.
    const warm = await load(port, SENDERS, sizes.warmMs, all)
    if (warm.bad > 0) throw new Error(`${warm.bad} calls were refused: ${warm.firstBad}`)
    answered += warm.count
    await load(floor.first.port, SENDERS, sizes.warmMs, () => atFloor)
    await load(plain.first.port, SENDERS, sizes.warmMs, () => atPlain)
    for (let round = 0; round < sizes.rounds; round++) {
      const mine = await measured(ours, "ours", () => load(port, SENDERS, sizes.ms, all))
      if (mine.bad > 0) throw new Error(`${mine.bad} calls were refused: ${mine.firstBad}`)
      answered += mine.count
      loads.ours.push(mine)
      loads.floor.push(await measured(floor, "floor", () => load(floor.first.port, SENDERS, sizes.ms, () => atFloor)))
      loads.bare.push(await load(plain.first.port, SENDERS, sizes.ms, () => atPlain))
    }
    const single = await load(port, 1, sizes.ms, all)
    answered += single.count
    const singleBare = await load(plain.first.port, 1, sizes.ms, () => atPlain)
    // Into the limit, from many senders at once.
    const limited = request(port, path, ours.first.limited)
    let left = sizes.limit * 2
    const storm = await load(port, SENDERS, 600_000, () => (left-- > 0 ? limited : null))
    const passed = storm.count - storm.bad
    const counted = await ours.ask<{ all: number; limited: number; logged: number }>("counted")
    const isExact =
      counted.all === answered + passed && counted.limited === passed && counted.logged === answered + passed
    const { perSecond } = await ours.ask<{ perSecond: number }>("decisions")
    const { count: products } = await ours.ask<{ count: number }>("shop")
    const pages = Array.from({ length: 97 }, (_, at) => request(port, `/marketplace/api-${(at * 7_919) % products}`))
    const productPage = await load(port, 1, sizes.ms, turns(pages))
    // Each words with each page and order: what was found is asked for again, and what was not is found.
    const searches = SEARCHES.flatMap((words) =>
      ["", "&page=2", "&sort=new", "&category=data"].map((more) =>
        request(port, `/marketplace?q=${encodeURIComponent(words)}${more}`),
      ),
    )
    const search = await load(port, 1, sizes.ms, turns(searches))
    for (const { bad, firstBad } of [productPage, search]) if (bad > 0) throw new Error(`a page: ${firstBad}`)
    await Promise.all([ours.finish(), floor.finish(), plain.finish(), mock.finish()])
    const best = (of: Load[]) => of.toSorted((a, b) => b.perSecond - a.perSecond)[Math.floor(of.length / 2)]!
    const [mine, least, none] = [best(loads.ours), best(loads.floor), best(loads.bare)]
    print(`ours   ${Math.round(mine.perSecond)}/s, p50 ${two(mine.p50Ms)} ms, p99 ${two(mine.p99Ms)} ms`)
    print(
      `floor  ${Math.round(least.perSecond)}/s (forwards, one durable counter); bare ${Math.round(none.perSecond)}/s`,
    )
    print(
      `limit  ${passed} of ${storm.count} passed at ${sizes.limit}; counted ${counted.all}, answered ${answered + passed}, logged ${counted.logged}`,
    )
    print(
      `pages  ${products} products: a product ${two(productPage.p50Ms)} ms, a search ${two(search.p50Ms)} ms, p99 ${two(search.p99Ms)} ms`,
    )
    const result: MarketplaceBenchResult = {
      bench: "marketplace",
      ratio: two(mine.perSecond / least.perSecond),
      cpu_ratio: two(used.floor / countOf(loads.floor) / (used.ours / countOf(loads.ours))),
      calls_per_s: Math.round(mine.perSecond),
      floor_per_s: Math.round(least.perSecond),
      bare_per_s: Math.round(none.perSecond),
      p50_ms: two(mine.p50Ms),
      p99_ms: two(mine.p99Ms),
      added_p50_ms: two(single.p50Ms - singleBare.p50Ms),
      added_p99_ms: two(single.p99Ms - singleBare.p99Ms),
      cpu_us: Math.round(used.ours / countOf(loads.ours)),
      floor_cpu_us: Math.round(used.floor / countOf(loads.floor)),
      decisions_per_s: Math.round(perSecond),
      products,
      product_page_p50_ms: two(productPage.p50Ms),
      product_page_p99_ms: two(productPage.p99Ms),
      search_p50_ms: two(search.p50Ms),
      search_p99_ms: two(search.p99Ms),
      exact: isExact && passed === sizes.limit,
      limit: sizes.limit,
      passed_at_limit: passed,
      cpus,
      fsync_ms,
    }
    print(JSON.stringify(result))
    if (!result.exact) process.exitCode = 1
    return result
  })

const countOf = (loads: readonly Load[]): number => loads.reduce((sum, { count }) => sum + count, 0)

if (import.meta.main) {
  const [role, ...args] = process.argv.slice(2).map((arg) => /^--role=(.*)$/.exec(arg)?.[1] ?? arg)
  if (role === "upstream") await upstream()
  else if (role === "bare") await bare(args[0]!)
  else if (role === "counting") await counting(args[0]!, args[1]!)
  else if (role === "server") await server(args[0]!, args[1]!, JSON.parse(args[2]!) as Sizes)
  else await run({ quick: process.argv.includes("--quick") })
}
