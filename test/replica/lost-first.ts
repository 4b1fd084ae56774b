// One first server lost under load, and its standby made the first: what was acknowledged after its sync is there, the books verify, calls are
// answered, and the one that comes back is refused. Then the two change places.
import { join } from "node:path"
import { type Promised, startLoad } from "../crash/load.ts"
import { prove } from "../crash/proof.ts"
import { eventually } from "../eventually.ts"
import { createHouse, Mortal, settings, startS3, type Tried } from "./kit.ts"
import { call, emptyDisk, Machine, removeAll, run } from "./machine.ts"

export interface Takeover {
  granted: number
  held: number
  answered: number
  /** Acknowledged, not waited for, and gone. */
  lostGrants: number
  lostCalls: number
  /** Between the last commit that came along and the death. */
  lostMs: number
  /** From the word until the standby answered a call; of it to restore. */
  rtoMs: number
  restoreMs: number
  broken: string[]
}

export const FENCED = { PURSER_REPLICA_FENCE: "on", PURSER_STANDBY_SECONDS: "1" }

export async function loseFirst(
  tried: Tried,
  options: { lifeMs: number; rounds: number },
  tell: (takeover: Takeover, round: number) => void = () => {},
): Promise<Takeover[]> {
  const s3 = startS3()
  const house = await createHouse()
  const env = settings(s3, tried, FENCED)
  let [here, there] = [house.dataDir, emptyDisk(house.dataDir)]
  const found: Takeover[] = []
  try {
    for (let round = 0; round < options.rounds; round++) {
      const one = await oneRound({ ...house, dataDir: here }, there, env, round, options.lifeMs)
      found.push(one)
      tell(one, round)
      ;[here, there] = [there, here]
    }
    return found
  } finally {
    removeAll([here, there])
    await s3.down()
  }
}

type House = Awaited<ReturnType<typeof createHouse>>

async function oneRound(
  house: House,
  there: string,
  env: Record<string, string>,
  round: number,
  lifeMs: number,
): Promise<Takeover> {
  const first = new Mortal(house, round, env)
  const up = await first.listening
  if (!up) throw new Error(`it did not start: ${first.why}\n${first.log}`)
  const standby = new Machine(there, env, "standby")
  const broken = await shows(standby, house.tokens[0]!)
  const promised: Promised = { answered: [], admitted: [], unexpected: [] }
  const load = startLoad(up.url, house.tokens, promised)
  const endMs = performance.now() + 60_000
  await Bun.sleep(lifeMs)
  // Less would prove nothing, and takes a busy machine longer.
  const isEnough = () => first.held > 0 && first.granted.length > 30 && promised.answered.length > 0
  while (!isEnough() && performance.now() < endMs) await Bun.sleep(20)
  const diedMs = Date.now()
  await first.kill()
  load.stop()
  await load.done

  const beganMs = performance.now()
  const told = await run(there, env, "promote", "--json")
  if (told.code !== 0) throw new Error(`it was not promoted: ${told.err}\n${standby.log}`)
  const done = JSON.parse(told.out) as { url: string; lastMs: number; restoreMs: number }
  const answer = await call(done.url, house.tokens[0]!)
  const rtoMs = Math.round(performance.now() - beganMs)
  if (answer.status !== 200) broken.push(`a call was answered ${answer.status} ${await answer.text()}`)
  const again = await run(there, env, "promote", "--json")
  if (again.code !== 0 || !again.out.includes("isFirst"))
    broken.push(`promoted twice: ${again.code} ${again.out}${again.err}`)

  const back = await run(house.dataDir, env, "serve")
  if (back.code !== 5 || !back.err.includes("has taken over"))
    broken.push(`the first came back: ${back.code} ${back.err}`)
  const path = join(there, "purser.db")
  const nothing = { answered: [], admitted: [], unexpected: [] }
  broken.push(
    ...prove(path, { ...nothing, unexpected: promised.unexpected.slice(0, 5) }, first.granted.slice(0, first.held))
      .broken,
  )
  const lostGrants = prove(path, nothing, first.granted).broken.length
  const lostCalls = prove(path, { ...nothing, answered: promised.answered }, []).broken.length
  const code = await standby.stop()
  if (code !== "0") broken.push(`it ended with ${code}: ${standby.log.slice(-2_000)}`)
  const { granted, held } = first
  return {
    granted: granted.length,
    held,
    answered: promised.answered.length,
    lostGrants,
    lostCalls,
    lostMs: diedMs - done.lastMs,
    rtoMs,
    restoreMs: done.restoreMs,
    broken,
  }
}

/** A standby shows pages and takes nothing. @returns what is not so */
async function shows(standby: Machine, token: string): Promise<string[]> {
  const url = await standby.url()
  await eventually("it has a picture", () => standby.line("standby.renewed") !== null)
  const broken: string[] = []
  const page = await fetch(url)
  if (page.status !== 200 || !(await page.text()).includes("This server stands by"))
    broken.push(`its page is ${page.status}`)
  const refused = await call(url, token)
  if (refused.status !== 503 || refused.headers.get("retry-after") !== "30")
    broken.push(`a call was answered ${refused.status}`)
  const [live, ready] = await Promise.all([fetch(`${url}/livez`), fetch(`${url}/readyz`)])
  const told = (await ready.json()) as { reasons: string[] }
  if (live.status !== 200 || ready.status !== 503 || told.reasons[0] !== "standby")
    broken.push(`probes: ${live.status}, ${ready.status} ${JSON.stringify(told)}`)
  return broken
}
