// The backup by hand, with real Litestream: what can be restored is listed, the newest copy is tried in a process apart, an earlier state is
// brought back, and a house that came back knows what it lost. Then each fault of a replica, which is found out and touches nothing.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { ownCommand, readConfig, silentLog } from "../../src/app/index.ts"
import { type BringBack, bringBack, prove } from "../../src/backup/index.ts"
import { cli } from "../../src/cli/testing.ts"
import { type App, compose } from "../../src/compose.ts"
import { openElsewhere } from "../../src/replica/index.ts"
import { CTX, giveCredits, makeUser } from "../build.ts"
import { eventually } from "../eventually.ts"
import { BUCKET, createHouse, litestreams, settings, startS3, type Tried } from "./kit.ts"

setDefaultTimeout(90_000)

const MARK = `${BUCKET}/purser/one/purser.json`
const all = litestreams()
const FLAGS = ["--base-url", "http://localhost:9", "--port", "0"]
const rows = (path: string, sql: string): number => {
  const db = new Database(path, { readonly: true })
  try {
    return db.query<{ n: number }, []>(`SELECT COUNT(*) AS n FROM ${sql}`).get()!.n
  } finally {
    db.close(true)
  }
}

async function openHouse(tried: Tried) {
  const s3 = startS3()
  const house = await createHouse()
  const env = settings(s3, tried)
  const config = (more: Record<string, string> = {}) =>
    readConfig({ port: "0", "data-dir": house.dataDir, "base-url": "http://localhost:9" }, { ...env, ...more }, true)
  const start = async (): Promise<App> => {
    const app = await compose(config(), { log: silentLog })
    await app.contributed.recover()
    return app
  }
  const bring = (more: Partial<BringBack>) =>
    bringBack({
      config: config(),
      log: silentLog,
      place: { kind: "apart", folder: join(house.dataDir, "look") },
      until: { kind: "latest" },
      epoch: null,
      file: null,
      ...more,
    })
  const close = async () => {
    house.remove()
    await s3.down()
  }
  return { s3, house, env, config, start, bring, close }
}
const pay = async (app: App) => giveCredits(app, await makeUser(app), 1_000)

for (const tried of all)
  test(`Litestream ${tried.version}: listed, tried apart, brought back as it was, and the house that comes back knows what it lost`, async () => {
    const { house, env, config, start, bring, close } = await openHouse(tried)
    let app = await start()
    try {
      await pay(app)
      expect(await app.backup.now()).toMatchObject({ held: "held" })
      await Bun.sleep(1_500)
      const thenMs = Date.now()
      const before = rows(house.path, "transactions")
      await Bun.sleep(1_500)
      await pay(app)
      expect(await app.backup.now()).toMatchObject({ held: "held" })

      // In a process of its own; nothing is left of it, and the result is a row.
      expect(await app.backup.prove(CTX)).toMatchObject({ ok: true, why: null })
      expect(existsSync(join(house.dataDir, "proof"))).toBe(false)
      expect(app.backup.proofs(2)).toMatchObject([{ ok: 1, actor: "cli" }])
      expect(app.contributed.checks()).toContainEqual(expect.objectContaining({ label: "Backup", state: "ok" }))
      expect(app.contributed.system()).toContainEqual(expect.objectContaining({ label: "Backup", state: "ok" }))

      Object.assign(process.env, env)
      const listed = await cli("backup", "list", "--json", "--data-dir", house.dataDir, ...FLAGS)
      for (const name of Object.keys(env)) delete process.env[name]
      expect(listed).toMatchObject({ code: 0, err: "" })
      const [copy, ...more] = JSON.parse(listed.out)
      expect([copy.epoch, copy.newest, copy.format, more.length]).toEqual([1, true, tried.version, 0])
      expect(Date.parse(copy.from)).toBeLessThan(thenMs)
      expect(Date.parse(copy.to)).toBeGreaterThan(thenMs)

      // Beside the running server, as it was between the two.
      const look = await bring({ until: { kind: "at", ms: thenMs } })
      expect(rows(look.path, "transactions")).toBe(before)
      expect(look.lastMs).toBeLessThan(thenMs)
      rmSync(join(house.dataDir, "look"), { recursive: true })
      const byNumber = bring({ until: { kind: "txid", txid: copy.txids?.to ?? "1".padStart(16, "0") } })
      if (tried.version === "0.3") await expect(byNumber).rejects.toThrow("counts no transactions")
      else expect(rows((await byNumber).path, "transactions")).toBeGreaterThan(before)
      rmSync(join(house.dataDir, "look"), { recursive: true, force: true })
      await expect(bring({ until: { kind: "at", ms: thenMs - 86_400_000 } })).rejects.toThrow("nothing that is kept")

      // In place of what stands there, as it was; the replica goes on in a folder of its own.
      const keepIn = join(house.dataDir, "old")
      const until = { kind: "at", ms: thenMs } as const
      await expect(
        (async () => {
          const running = app
          await running.stop()
          return bring({ place: { kind: "here", keepIn }, until })
        })(),
      ).resolves.toMatchObject({ epoch: 1 })
      expect(rows(join(keepIn, "purser.db"), "transactions")).toBeGreaterThan(before)
      app = await start()
      expect(rows(house.path, "transactions")).toBe(before)
      expect(app.backup.lastRestore()).toMatchObject({
        epoch: 1,
        complete: 0,
        asked: `at ${new Date(thenMs).toISOString()}`,
      })
      expect(app.backup.lastRestore()!.aliveMs).toBeGreaterThan(thenMs)
      await eventually("the new folder is whole", () => app.replica.health()?.text.startsWith("up to date") === true)
      expect((await openElsewhere(config(), silentLog)!.mark())!.marker.whole!.epoch).toBe(2)
      await app.backup.goOnFromConsole(CTX)
      await app.stop()

      // An empty disk: the start restores by itself, and says that nothing is missing after a stop in order.
      house.loseDisk()
      app = await start()
      expect(app.backup.lastRestore()).toMatchObject({ epoch: 2, complete: 1, asked: null, lookedMs: null })
      expect(app.outbox.isPaused).toBe(true)
      expect(
        app.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM oauth_grants WHERE revoked_ms IS NULL")!.n,
      ).toBe(0)
    } finally {
      await app.stop()
      await close()
    }
  })

const newest = all.at(-1)!
let open: Awaited<ReturnType<typeof openHouse>>
let whole: Map<string, { body: Uint8Array; etag: string; atMs: number }>
beforeAll(async () => {
  open = await openHouse(newest)
  const app = await open.start()
  expect(await app.replica.holds()).toBe("held")
  await app.stop()
  whole = new Map(open.s3.objects)
})
afterAll(() => open.close())

const again = () => {
  open.s3.objects.clear()
  for (const [name, object] of whole) open.s3.objects.set(name, object)
}
const put = (name: string, body: Uint8Array) =>
  open.s3.objects.set(name, { body, etag: `"${Math.random()}"`, atMs: Date.now() })
const marker = () => JSON.parse(new TextDecoder().decode(whole.get(MARK)!.body))
const mark = (change: object) => put(MARK, new TextEncoder().encode(JSON.stringify({ ...marker(), ...change })))
const data = () => [...whole.keys()].filter((name) => name.startsWith(`${BUCKET}/purser/one/e`))
const biggest = () => data().toSorted((a, b) => whole.get(b)!.body.length - whole.get(a)!.body.length)[0]!

const FAULTS: [string, RegExp, () => void, Record<string, string>?][] = [
  [
    "half a file",
    /cannot be restored|is damaged|cannot be read/,
    () => put(biggest(), whole.get(biggest())!.body.slice(0, 2_000)),
  ],
  [
    "a changed file",
    /cannot be restored|is damaged|cannot be read/,
    () =>
      put(
        biggest(),
        whole.get(biggest())!.body.map((byte, at) => (at > 500 && at < 900 ? byte ^ 0xff : byte)),
      ),
  ],
  ["no files but its mark", /lost its newest copy/, () => data().forEach((name) => void open.s3.objects.delete(name))],
  ["nothing", /there is no backup/, () => open.s3.objects.clear()],
  ["a damaged mark", /is damaged or from another version/, () => put(MARK, new TextEncoder().encode("{"))],
  ["no whole copy yet", /no whole copy yet/, () => mark({ whole: null })],
  [
    "less than it was known to hold",
    /its end is missing/,
    () => mark({ whole: { ...marker().whole, heldMs: marker().whole.heldMs + 1 } }),
  ],
  ["another house's name", /belongs to/, () => {}, { PURSER_INSTANCE_ID: `ins_${"9".repeat(26)}` }],
  ["a wrong bucket", /NoSuchBucket/, () => {}, { PURSER_REPLICA_URL: "s3://nowhere/purser" }],
  ["wrong credentials", /InvalidAccessKeyId/, () => {}, { PURSER_REPLICA_ACCESS_KEY_ID: "AKIAWRONG" }],
  ["the wrong key", /the key at hand does not open/, () => {}, { PURSER_SECRET_KEY: "ab".repeat(32) }],
]
for (const [what, why, breakIt, more = {}] of FAULTS)
  test(`a replica with ${what} does not prove, and nothing is put anywhere`, async () => {
    again()
    breakIt()
    const config = open.config(more)
    const found = await prove({ config, log: silentLog })
    expect(found).toMatchObject({ ok: false })
    expect(found.why).toMatch(why)
    if (!more.PURSER_SECRET_KEY) await expect(open.bring({ config })).rejects.toThrow(why)
    const keepIn = join(open.house.dataDir, "old")
    await expect(open.bring({ config, place: { kind: "here", keepIn } })).rejects.toThrow(why)
    expect(readdirSync(open.house.dataDir).filter((name) => /restoring|proof|old|^look/.test(name))).toEqual(
      existsSync(join(open.house.dataDir, "look")) ? ["look"] : [],
    )
    expect(existsSync(join(open.house.dataDir, "look", "purser.db"))).toBe(false)
  })

test("without room for a copy nothing is asked of Litestream", async () => {
  again()
  const free = () => 400 * 1024 * 1024
  expect((await prove({ config: open.config(), log: silentLog, free })).why).toContain("no room for a copy")
})

test("killed in the middle it leaves no obstacle, and what it left is gone after the next", async () => {
  again()
  open.s3.slowMs = 500
  const { dataDir } = open.house
  const command = [...ownCommand(), "backup", "verify", "--data-dir", dataDir, ...FLAGS]
  const child = Bun.spawn(command, {
    env: { PATH: process.env.PATH ?? "", ...open.env },
    stdout: "ignore",
    stderr: "ignore",
  })
  await eventually("it works", () => existsSync(join(dataDir, "proof", "purser.db.pid")))
  child.kill("SIGKILL")
  await child.exited
  open.s3.slowMs = 0
  expect(readdirSync(join(dataDir, "proof")).length).toBeGreaterThan(1)
  expect(await prove({ config: open.config(), log: silentLog })).toMatchObject({ ok: true })
  expect(existsSync(join(dataDir, "proof"))).toBe(false)
})

test("a restore that is killed in the middle leaves what stands there, and is begun anew", async () => {
  again()
  open.s3.slowMs = 400
  const { dataDir } = open.house
  const before = await Bun.file(open.house.path).bytes()
  const keepIn = join(dataDir, "old")
  const command = [...ownCommand(), "restore", "--move-old-to", keepIn, "--data-dir", dataDir, ...FLAGS]
  const env = { PATH: process.env.PATH ?? "", ...open.env }
  const child = Bun.spawn(command, { env, stdout: "ignore", stderr: "ignore" })
  await eventually("it works", () => existsSync(`${open.house.path}.restoring.pid`))
  child.kill("SIGKILL")
  await child.exited
  open.s3.slowMs = 0
  expect(Buffer.from(await Bun.file(open.house.path).bytes()).equals(before)).toBe(true)
  expect(existsSync(keepIn)).toBe(false)
  const done = Bun.spawn(command, { env, stdout: "pipe", stderr: "pipe" })
  const [out, err] = await Promise.all([new Response(done.stdout).text(), new Response(done.stderr).text()])
  expect([out, err]).toEqual([expect.stringContaining(`What stood there is kept in ${keepIn}`), expect.anything()])
  expect(await done.exited).toBe(0)
  expect(readdirSync(dataDir).filter((name) => name.includes("restoring"))).toEqual([])
  expect(Buffer.from(await Bun.file(join(keepIn, "purser.db")).bytes()).equals(before)).toBe(true)
  rmSync(keepIn, { recursive: true })
})

test("a data folder that a living server elsewhere replicates is not put back under it", async () => {
  again()
  // Its holder runs on another machine, and goes on.
  mark({ holder: "another", boot: "elsewhere", released: false })
  const beating = setInterval(
    () => mark({ holder: "another", boot: "elsewhere", released: false, beat: Date.now() }),
    300,
  )
  const place = { kind: "here", keepIn: join(open.house.dataDir, "old") } as const
  await expect(open.bring({ place })).rejects.toThrow("is running on the replica")
  clearInterval(beating)
  expect(existsSync(join(open.house.dataDir, "old"))).toBe(false)
  expect(existsSync(open.house.path)).toBe(true)
})
