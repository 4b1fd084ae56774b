// `purser promote` on a machine where no standby runs: an empty disk and the key. It takes over, serves as the server would, and ends as it
// does; and it takes nothing when this machine could not serve what it would take.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { eventually } from "../eventually.ts"
import { createHouse, litestreams, Mortal, settings, startS3 } from "./kit.ts"
import { FENCED } from "./lost-first.ts"
import { call, emptyDisk, Machine, removeAll, run } from "./machine.ts"

setDefaultTimeout(90_000)
const s3 = startS3()
const env = settings(s3, litestreams().at(-1)!, FENCED)
const disks: string[] = []
let house: Awaited<ReturnType<typeof createHouse>>
/** The one that took over. */
let machine: Machine

beforeAll(async () => {
  house = await createHouse()
  disks.push(house.dataDir)
})
afterAll(async () => {
  removeAll(disks)
  await s3.down()
})

const disk = (): string => {
  const folder = emptyDisk(house.dataDir)
  disks.push(folder)
  return folder
}
const keysIn = (dataDir: string): Set<string> => {
  const db = new Database(join(dataDir, "purser.db"), { readonly: true })
  const rows = db.query<{ key: string }, []>("SELECT key FROM transactions WHERE key IS NOT NULL").all()
  db.close(true)
  return new Set(rows.map(({ key }) => key))
}

test("killed, its house goes on from an empty disk: all that was held is there, it serves, and the first stays out", async () => {
  const first = new Mortal(house, 0, env)
  expect(await first.listening).not.toBeNull()
  await eventually("the replica holds something", () => first.held > 0)
  const held = first.granted.slice(0, first.held)
  await first.kill()
  machine = new Machine(disk(), env, "promote", "--json")
  const url = await machine.url("listening", 60_000)
  const told = () => machine.log.split("\n").find((line) => line.startsWith('{"lastMs"'))
  await eventually("it tells what it did", () => told() !== undefined)
  expect(JSON.parse(told()!)).toMatchObject({ url, lastMs: expect.any(Number), tookMs: expect.any(Number) })
  expect((await call(url, house.tokens[0]!)).status).toBe(200)
  const ready = (await (await fetch(`${url}/readyz`)).json()) as { status: string }
  expect(ready.status).toBe("ok")
  const keys = keysIn(machine.dataDir)
  expect(held.filter(({ key }) => !keys.has(key))).toEqual([])
  // Asked once more, by whoever runs it twice; and the first, which comes back.
  const [twice, back] = await Promise.all([
    run(machine.dataDir, env, "promote", "--json"),
    run(house.dataDir, env, "serve"),
  ])
  expect(twice).toMatchObject({ code: 0, out: expect.stringContaining("isFirst") })
  expect([back.code, back.err]).toEqual([5, expect.stringContaining("has taken over")])
})

test("it takes nothing while the first lives or without the key; what it cannot open it gives back", async () => {
  const without = disk()
  rmSync(join(without, "secret.key"))
  const [alive, missing] = await Promise.all([
    run(disk(), env, "promote"),
    run(without, env, "promote", "--first-is-off"),
  ])
  expect([alive.code, alive.err]).toEqual([1, expect.stringContaining("is running on the replica")])
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining("Nothing was taken")])
  expect((await call(await machine.url("listening"), house.tokens[0]!)).status).toBe(200)
  // With the key of another house that is found out once the copy is there: the first was shut out meanwhile, and may start again.
  const other = disk()
  writeFileSync(join(other, "secret.key"), "ab".repeat(32), { mode: 0o600 })
  const wrong = await run(other, env, "promote", "--first-is-off")
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("does not open what the replica holds")])
  expect(existsSync(join(other, "purser.db"))).toBe(false)
  expect(await machine.ended).toBe("5")
  const again = new Machine(machine.dataDir, env, "serve")
  expect((await call(await again.url("listening"), house.tokens[0]!)).status).toBe(200)
  expect(await again.stop()).toBe("0")
})
