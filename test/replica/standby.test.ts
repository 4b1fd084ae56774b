// A second machine that follows, and takes over in every way that the first can be lost: dead under load, cut off from the store, asleep;
// and that takes over from nobody who lives. With the real executable; `bun run drill --standby` repeats the first of it.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits, readConfig, silentLog } from "../../src/app/index.ts"
import { createStandby } from "../../src/compose.ts"
import { signedIn } from "../browser/house.ts"
import { documentProblems } from "../browser/kit.ts"
import { giveCredits, makeUser, startTestServer } from "../build.ts"
import { eventually } from "../eventually.ts"
import { createHouse, litestreams, Mortal, settings, startS3 } from "./kit.ts"
import { FENCED, loseFirst } from "./lost-first.ts"
import { call, emptyDisk, Machine, removeAll, run } from "./machine.ts"
import { S3Server } from "./s3.ts"

setDefaultTimeout(120_000)

const tried = litestreams()
const s3 = startS3()
/** Another way to the same store, which can be cut alone. */
const farSide = new S3Server(s3.options, s3.objects)
const env = settings(s3, tried.at(-1)!, FENCED)
const farEnv = settings(farSide, tried.at(-1)!, FENCED)
const disks: string[] = []
let house: Awaited<ReturnType<typeof createHouse>>

beforeAll(async () => {
  house = await createHouse()
  disks.push(house.dataDir)
})
afterAll(async () => {
  removeAll(disks)
  await Promise.all([s3.down(), farSide.down()])
})

const machine = (settingsOf = env) => {
  const disk = emptyDisk(house.dataDir)
  disks.push(disk)
  return new Machine(disk, settingsOf, "standby")
}

test.concurrent("killed under load: the standby is the first with all that was acknowledged after its sync, and the first stays out", async () => {
  const all = await Promise.all(tried.map((one) => loseFirst(one, { lifeMs: 1_000, rounds: 1 })))
  for (const [n, [takeover]] of all.entries()) {
    console.log(`taken over with ${tried[n]!.version}: ${JSON.stringify(takeover)}`)
    expect(takeover!.broken).toEqual([])
    // Without these it would have proved nothing.
    expect(takeover!.held).toBeGreaterThan(0)
    expect(takeover!.granted).toBeGreaterThan(30)
    expect(takeover!.answered).toBeGreaterThan(0)
    expect(takeover!.rtoMs).toBeLessThan(60_000)
  }
})

test.concurrent("the first is cut off from the store: it is silent before the standby speaks, and ends when it is back", async () => {
  const first = new Mortal(house, 0, farEnv)
  const up = await first.listening
  await eventually("the replica holds something", () => first.held > 0)
  const [one, two] = [machine(), machine()]
  await Promise.all([one.url(), two.url()])
  await eventually("both have a picture", () => [one, two].every((standby) => standby.line("standby.renewed")))

  const asked = JSON.parse((await run(one.dataDir, env, "doctor", "--json")).out) as Asked
  const said = (id: string) => asked.findings.find((finding) => finding.id === id)
  expect([said("server-standby"), said("server-first-server"), said("server-takeover")]).toMatchObject([
    { state: "ok", text: expect.stringContaining("shows how things were up to") },
    { state: "ok", text: expect.stringContaining("was heard of") },
    { state: "ok", text: expect.stringContaining("could take over now") },
  ])
  // It is no server that does not run, with another's replica.
  const bad = asked.findings.filter(({ state, id }) => state === "bad" && id !== "litestream-unsafe")
  expect(bad).toEqual([])
  const alive = await run(one.dataDir, env, "promote")
  expect([alive.code, alive.err]).toEqual([1, expect.stringContaining("is running on the replica")])
  await s3.down()
  const away = await run(one.dataDir, env, "promote")
  expect([away.code, away.err]).toEqual([1, expect.stringContaining("cannot be asked")])
  expect((await fetch(`${await one.url()}/livez`)).status).toBe(200)
  s3.up()
  expect((await call(up!.url, house.tokens[0]!)).status).toBe(200)

  await farSide.down()
  let lastOfFirstMs = 0
  const asking = askForever(up!.url, (ms) => {
    lastOfFirstMs = ms
  })
  // Both at once: one is the first, the other stands by on.
  const ends = await Promise.all([one, two].map((standby) => run(standby.dataDir, env, "promote", "--json")))
  expect(ends.map(({ code }) => code).sort()).toEqual([0, 1])
  const won = ends.findIndex(({ code }) => code === 0)
  const [winner, loser] = won === 0 ? [one, two] : [two, one]
  const { url } = JSON.parse(ends[won]!.out)
  const spokeMs = spokeOf(winner)
  expect((await call(url, house.tokens[0]!)).status).toBe(200)
  // It had begun to be the first, too, and listens again as what it was.
  const standsBy = async () =>
    call(await loser.url(), house.tokens[0]!).then(
      ({ status }) => status === 503,
      () => false,
    )
  await eventually("the other stands by on", standsBy)
  asking.stop()
  await asking.done
  expect(asking.refused()).toBeGreaterThan(0)
  expect(lastOfFirstMs).toBeGreaterThan(0)
  expect(lastOfFirstMs).toBeLessThan(spokeMs)
  // Cut off, it still runs; back, it sees that it is not the first any more.
  expect(first.why).toBeNull()
  farSide.up()
  await eventually("the first ends by itself", () => first.why !== null)
  expect(first.why).toContain("has taken over")
  expect(await first.died).toBe("1")

  // Killed in its turn, it goes on as the first by the same command.
  await winner.kill()
  const again = new Machine(winner.dataDir, env, "standby")
  const againUrl = await again.url("listening")
  expect((await call(againUrl, house.tokens[0]!)).status).toBe(200)

  // It lives, and the operator wants the other one all the same.
  let lastMs = 0
  const going = askForever(againUrl, (ms) => {
    lastMs = ms
  })
  const forced = await run(loser.dataDir, env, "promote", "--force", "--json")
  expect(forced.code).toBe(0)
  expect(await again.ended).toBe("5")
  going.stop()
  await going.done
  expect(lastMs).toBeGreaterThan(0)
  expect(lastMs).toBeLessThan(spokeOf(loser))
  expect((await call(JSON.parse(forced.out).url, house.tokens[0]!)).status).toBe(200)
  expect(await loser.stop()).toBe("0")
})

test.concurrent("who is signed in on the first sees their pages on the standby, and nothing that changes anything", async () => {
  const disk = mkdtempSync(join(tmpdir(), "purser-second-disk-"))
  disks.push(disk)
  const folder = {
    PURSER_REPLICA_URL: `file://${disk}/replica`,
    PURSER_REPLICA_NEW: new Date().toISOString().slice(0, 10),
  }
  const server = await startTestServer({ env: { ...env, ...folder } })
  const grace = await makeUser(server.app, { isAdmin: true })
  await giveCredits(server.app, grace, credits(1_234))
  // A first that is new answers nothing until its replica has heard of it, which takes a while beside others.
  expect(await server.app.replica.holds()).toBe("held")
  const admin = await signedIn(server, grace.email)
  expect(await server.app.replica.holds()).toBe("held")
  const second = emptyDisk(server.dataDir)
  disks.push(second)
  const flags = { port: "0", "data-dir": second, "base-url": server.url }
  const standby = createStandby({ config: readConfig(flags, { ...env, ...folder }, true), log: silentLog })
  await standby.start()
  const url = standby.url!
  // Browsers send them to every port of a host; behind one address both machines have the same.
  for (const name of ["purser_console", "purser_auth"]) admin.setCookie(url, name, admin.cookie(server.url, name)!)
  const dashboard = await admin.get(`${url}/dashboard`)
  expect([dashboard.url, dashboard.status]).toEqual([`${url}/dashboard`, 200])
  expect(dashboard.text).toContain("1,234")
  for (const path of ["/credits", "/admin", "/admin/system", "/admin/users"]) {
    const page = await admin.get(`${url}${path}`)
    expect([path, page.status]).toEqual([path, 200])
    expect(page.text).toContain("This server stands by. It shows how things were up to")
    expect(documentProblems(page.text)).toEqual([])
  }
  expect((await admin.get(`${url}/admin`)).text).toContain("was heard of")
  // A stranger is not led to a sign-in that would be lost.
  const stranger = await fetch(`${url}/dashboard`)
  expect([stranger.status, await stranger.text()]).toEqual([503, expect.stringContaining("This server stands by")])
  const out = dashboard.forms.find(({ action }) => action.endsWith("/logout/confirmation"))!
  expect((await admin.post(`${url}/logout/confirmation`, out.fields)).status).toBe(503)
  expect((await admin.get(`${url}/dashboard`)).status).toBe(200)
  // What came since is in the next picture.
  await giveCredits(server.app, grace, credits(1_000))
  expect(await server.app.replica.holds()).toBe("held")
  const shows = async () => (await admin.get(`${url}/dashboard`)).text.includes("2,234")
  await eventually("a newer picture", shows, { everyMs: 100 })
  await standby.stop()
  await server.close()
})

interface Asked {
  findings: { id: string; state: string; text: string }[]
}

/** When it was the first: by the clock that both read. */
const spokeOf = (standby: Machine): number => Date.parse(String(standby.line("standby.promoted")!.time))

function askForever(url: string, answered: (ms: number) => void) {
  let stopped = false
  let refused = 0
  const ask = async () => {
    while (!stopped) {
      const response = await call(url, house.tokens[1]!).catch(() => null)
      if (response?.status === 200 && (await response.text())) answered(Date.now())
      else refused++
      await Bun.sleep(20)
    }
  }
  const done = ask()
  return {
    done,
    refused: () => refused,
    stop() {
      stopped = true
    },
  }
}
