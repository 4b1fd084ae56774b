// A standby with TLS of its own: by files it speaks it from its first moment and shows a new certificate without a newer picture; by ACME it
// shows what the first was issued, out of the data. What it shows as the first after a takeover is the same.
import { afterAll, afterEach, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readConfig, silentLog } from "../../src/app/index.ts"
import { compose, createStandby } from "../../src/compose.ts"
import { selfSigned } from "../../src/tls/self-signed.ts"
import { PURPOSE, saveSealed } from "../../src/tls/store.ts"
import { CTX, freePort } from "../build.ts"
import { eventually } from "../eventually.ts"
import { litestreams } from "./kit.ts"
import { emptyDisk } from "./machine.ts"

setDefaultTimeout(60_000)
const root = mkdtempSync(join(tmpdir(), "purser-standby-tls-"))
const disks: string[] = []
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
afterAll(() => {
  for (const disk of [root, ...disks]) rmSync(disk, { recursive: true, force: true })
})

let count = 0
/** Two machines of one house, with a replica in a folder. */
async function pair(flags: Record<string, string>) {
  const port = freePort()
  const url = `https://localhost:${port}`
  const replica = join(root, `replica${++count}`)
  const here = join(root, `first${count}`)
  const env = {
    PURSER_REPLICA_URL: `file://${replica}`,
    PURSER_REPLICA_NEW: new Date().toISOString().slice(0, 10),
    PURSER_REPLICA_LEASE_SECONDS: "2",
    PURSER_STANDBY_SECONDS: "1",
    PURSER_LITESTREAM: litestreams().at(-1)!.path,
  }
  const of = (dataDir: string, at: number) =>
    readConfig({ port: String(at), "data-dir": dataDir, "base-url": url, ...flags }, env, true)
  const first = await compose(of(here, freePort()), { log: silentLog })
  let isStopped = false
  const stopFirst = async () => {
    if (!isStopped) await first.stop()
    isStopped = true
  }
  closers.push(stopFirst)
  const there = emptyDisk(here)
  disks.push(there)
  const standby = createStandby({ config: of(there, port), log: silentLog })
  closers.push(() => standby.stop())
  return { first, stopFirst, standby, url }
}

const ask = (url: string, path: string, ca: string) => fetch(`${url}${path}`, { tls: { ca }, keepalive: false })
const until = <T>(what: string, look: () => Promise<T>) =>
  eventually(what, () => look().catch(() => null), { everyMs: 50 })

test("by files: from its first moment, with a new certificate while nothing else is new, and as the first", async () => {
  const [one, two] = [await selfSigned("localhost"), await selfSigned("localhost")]
  const [cert, key] = [join(root, "cert.pem"), join(root, "key.pem")]
  const write = (pairOf: typeof one) => {
    writeFileSync(cert, pairOf.cert)
    writeFileSync(key, pairOf.key)
  }
  write(one)
  const { first, stopFirst, standby, url } = await pair({ "tls-cert": cert, "tls-key": key })
  const starting = standby.start()
  // The replica may be far away: probes are answered before it was read.
  expect((await until("it listens", () => ask(url, "/livez", one.cert))).status).toBe(200)
  await starting
  expect(await first.replica.holds()).toBe("held")
  const shown = await until("a picture", async () => {
    const page = await ask(url, "/", one.cert)
    return page.status === 200 && page.text()
  })
  expect(shown).toContain("This server stands by")
  // By plain HTTP nobody is told anything.
  await expect(fetch(`${url.replace("https:", "http:")}/`, { redirect: "manual" })).rejects.toThrow()

  const before = standby.restored!.lastMs
  write(two)
  await until("the new certificate is shown", () => ask(url, "/livez", two.cert))
  expect(standby.restored!.lastMs).toBe(before)

  await stopFirst()
  const promoted = await standby.promote({ force: false, firstIsOff: false })
  expect(promoted.url).toStartWith("https://")
  expect((await ask(url, "/readyz", two.cert)).status).toBe(200)
  const page = await (await ask(url, "/", two.cert)).text()
  expect(page).not.toContain("This server stands by")
})

test("by ACME: what the first was issued, once its data was read; before it, nothing that nobody vouches for", async () => {
  const issued = await selfSigned("localhost")
  const acme = { "acme-email": "ops@example.com", "acme-directory": "https://localhost:1/dir" }
  const { first, stopFirst, standby, url } = await pair({ ...acme, "http-listen": `127.0.0.1:${freePort()}` })
  const sealed = first.keyring.seal(PURPOSE, "acme_certificate", JSON.stringify({ cert: issued.cert, key: issued.key }))
  await standby.start()
  expect(standby.restored === null ? standby.url : "it was quicker").toBe(
    standby.restored === null ? null : "it was quicker",
  )
  await first.store.write(CTX, (tx) => saveSealed(tx, "acme_certificate", sealed))
  expect(await first.replica.holds()).toBe("held")
  const page = await until("a picture", async () => {
    const answer = await ask(url, "/", issued.cert)
    return answer.status === 200 && answer.text()
  })
  expect(page).toContain("This server stands by")
  await stopFirst()
  await standby.promote({ force: false, firstIsOff: false })
  expect((await ask(url, "/livez", issued.cert)).status).toBe(200)
})
