// Bad weather over the replica, under load: its store is away, slow, throttling. The service goes on, health says so, the log and the disk stay
// within bounds, all is well again by itself; and then the machine is lost, and nothing that was waited for is.
import { existsSync, statSync } from "node:fs"
import { type Promised, startLoad } from "../crash/load.ts"
import { prove } from "../crash/proof.ts"
import { createHouse, Mortal, settings, startS3, type Tried } from "./kit.ts"
import type { S3Server } from "./s3.ts"

export interface Weather {
  name: string
  slowMs?: number
  throttleEvery?: number
  isAway?: true
}

export const WEATHER: readonly Weather[] = [
  { name: "away", isAway: true },
  { name: "slow", slowMs: 2_000 },
  { name: "throttling", throttleEvery: 2 },
]

async function turn(s3: S3Server, { slowMs = 0, throttleEvery = 0, isAway }: Omit<Weather, "name">): Promise<void> {
  Object.assign(s3, { slowMs, throttleEvery })
  if (isAway) await s3.down()
  else s3.up()
}

export interface Weathered {
  name: string
  /** Acknowledged meanwhile. */
  granted: number
  answered: number
  /** What health said, worst. */
  worst: string
  /** Lines of log a minute; warnings and errors alone. */
  logLines: number
  walMb: number
  /** From its end until the replica was known to hold everything, ms. */
  wellAfterMs: number
  broken: string[]
}

const SETTLE_MS = 120_000

/** @param ms how long each lasts */
export async function weather(tried: Tried, ms: number, tell: (found: Weathered) => void): Promise<void> {
  const s3 = startS3()
  const house = await createHouse()
  try {
    const server = new Mortal(house, 0, settings(s3, tried))
    const up = await server.listening
    if (!up) throw new Error(`it did not start: ${server.why}\n${server.log}`)
    const promised: Promised = { answered: [], admitted: [], unexpected: [] }
    const load = startLoad(up.url, house.tokens, promised)
    await untilWell(server)
    for (const one of WEATHER) tell(await through(one, { s3, server, promised, ms, path: house.path }))
    await server.kill()
    load.stop()
    await load.done
    house.loseDisk()
    const second = new Mortal(house, 1, settings(s3, tried), "rest")
    const back = await second.listening
    if (!back?.restored) throw new Error(`it did not come back: ${second.why}\n${second.log}`)
    const kept = prove(
      house.path,
      { answered: [], admitted: [], unexpected: promised.unexpected },
      server.granted.slice(0, server.held),
    )
    await second.stop()
    const rest = {
      granted: server.granted.length,
      answered: promised.answered.length,
      worst: "",
      logLines: 0,
      walMb: 0,
    }
    tell({ name: "then the machine is lost", ...rest, wellAfterMs: Math.round(back.bootMs), broken: kept.broken })
  } finally {
    house.remove()
    await s3.down()
  }
}

interface Sky {
  s3: S3Server
  server: Mortal
  promised: Promised
  ms: number
  path: string
}

async function through(one: Weather, { s3, server, promised, ms, path }: Sky): Promise<Weathered> {
  const before = { granted: server.granted.length, answered: promised.answered.length, log: server.complaints }
  let worst = "up to date"
  let isRed = false
  let walBytes = 0
  await turn(s3, one)
  const endMs = performance.now() + ms
  while (performance.now() < endMs) {
    await Bun.sleep(200)
    walBytes = Math.max(walBytes, existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0)
    if (server.health?.state === "bad") isRed = true
    if (server.health && server.health.state !== "ok") worst = `${server.health.state}: ${server.health.text}`
  }
  await turn(s3, {})
  const endedMs = performance.now()
  const granted = server.granted.length - before.granted
  const answered = promised.answered.length - before.answered
  const isWell = await untilWell(server).then(
    () => true,
    () => false,
  )
  const logLines = server.complaints - before.log
  const broken = [
    ...(granted > ms / 100 && answered > ms / 1_000
      ? []
      : [`service did not go on: ${granted} grants, ${answered} calls`]),
    ...(one.isAway && ms >= 60_000 && !isRed ? ["health did not turn red"] : []),
    ...(isWell ? [] : [`not well again: ${server.health?.text}`]),
    ...(logLines > 40 + ms / 1_000 ? [`${logLines} lines of log`] : []),
    ...(server.why ? [`it ended: ${server.why}`] : []),
  ]
  const wellAfterMs = Math.round(performance.now() - endedMs)
  return { name: one.name, granted, answered, worst, logLines, walMb: Math.round(walBytes / 1e6), wellAfterMs, broken }
}

/** Everything that is granted from here on is known to be held soon after. @throws Error when it is not */
async function untilWell(server: Mortal): Promise<void> {
  const endMs = performance.now() + SETTLE_MS
  const goal = server.granted.length + 1
  while (server.held < goal || server.health?.state === "bad") {
    if (performance.now() > endMs || server.why) throw new Error(`not well: ${server.why ?? server.health?.text}`)
    await Bun.sleep(50)
  }
}
