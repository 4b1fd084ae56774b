// A replica in which something was cut or changed is refused, or comes back as it was: never a database that looks right and is not. Each object
// of it in turn, with every Litestream there is.
import { Database } from "bun:sqlite"
import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { findLitestream, ReplicaError } from "../../src/replica/index.ts"
import { readMarker } from "../../src/replica/marker.ts"
import { restore } from "../../src/replica/restore.ts"
import { giveCredits, makeUser } from "../build.ts"
import { BUCKET, createHouse, litestreams, settings, startS3, type Tried } from "./kit.ts"

setDefaultTimeout(90_000)

const s3 = startS3()
const folder = mkdtempSync(join(tmpdir(), "purser-damage-"))
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await s3.down()
})

const configOf = (dataDir: string, tried: Tried) =>
  readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, settings(s3, tried), true)

/** Of every row of every table. */
function digestOf(path: string): string {
  const db = new Database(path, { readonly: true })
  const hash = new Bun.CryptoHasher("sha256")
  const tables = db
    .query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
  // But for the note that it was restored.
  const rest = (name: string) => (name === "meta" ? " WHERE key <> 'restored'" : "")
  for (const { name } of tables)
    hash.update(JSON.stringify(db.query(`SELECT * FROM "${name}"${rest(name)}`).values(), bytesToo))
  db.close()
  return hash.digest("hex")
}
const bytesToo = (_: string, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value

/** A replica that several looks at the log have made. @returns what was in the database at its end */
async function replicated(tried: Tried): Promise<{ key: string; digest: string; house: { remove(): void } }> {
  s3.objects.clear()
  const house = await createHouse()
  const app = await compose(configOf(house.dataDir, tried), { log: silentLog })
  for (let n = 0; n < 4; n++) {
    await giveCredits(app, await makeUser(app, { email: `${tried.version}-${n}@example.com` }), 1_000)
    while ((await app.replica.holds()) !== "held") await Bun.sleep(20)
  }
  await app.stop()
  return { key: join(house.dataDir, "secret.key"), digest: digestOf(join(house.dataDir, "purser.db")), house }
}

const DAMAGES: [name: string, of: (body: Uint8Array) => Uint8Array][] = [
  ["a bit changed in its middle", (body) => changed(body, 0.5)],
  ["a bit changed at its end", (body) => changed(body, 0.98)],
  ["its second half gone", (body) => body.slice(0, body.length / 2)],
  ["nothing left in it", () => new Uint8Array()],
]

function changed(body: Uint8Array, place: number): Uint8Array {
  const copy = body.slice()
  copy[Math.floor(copy.length * place)]! ^= 0x10
  return copy
}

for (const tried of litestreams())
  test(`Litestream ${tried.version}: each object damaged in turn`, async () => {
    const { key, digest, house } = await replicated(tried)
    const whole = new Map(s3.objects)
    const mark = readMarker(new TextDecoder().decode(whole.get(`${BUCKET}/purser/one/purser.json`)!.body), "test")
    let count = 0
    let refused = 0
    const comesBack = async () => {
      const dataDir = join(folder, `${tried.version}-${count++}`)
      mkdirSync(dataDir)
      cpSync(key, join(dataDir, "secret.key"))
      const config = configOf(dataDir, tried)
      const from = { whole: mark.whole!, marker: mark, aliveMs: null }
      try {
        const litestream = findLitestream(tried.path)
        await restore({ config, replica: config.replica!, litestream, log: silentLog }, from)
      } catch (error) {
        expect(error).toBeInstanceOf(ReplicaError)
        expect(existsSync(join(dataDir, "purser.db"))).toBe(false)
        refused++
        return false
      } finally {
        if (existsSync(join(dataDir, "purser.db"))) expect(digestOf(join(dataDir, "purser.db"))).toBe(digest)
        rmSync(dataDir, { recursive: true })
      }
      return true
    }
    expect(await comesBack()).toBe(true)
    const names = s3.names(`${BUCKET}/purser/one/e`)
    expect(names.length).toBeGreaterThan(3)
    for (const [n, name] of names.entries()) {
      const object = whole.get(name)!
      const [what, damage] = DAMAGES[n % DAMAGES.length]!
      s3.objects.set(name, { ...object, body: damage(object.body), etag: `"${what}"` })
      await comesBack()
      s3.objects.set(name, object)
    }
    // Without these it would have proved nothing.
    expect(refused).toBeGreaterThan(0)
    house.remove()
  })
