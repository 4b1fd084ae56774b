// A standby: pictures of the first server's data, one after the other, shown read-only; and the way from here to being the first. What a
// picture's pages write (a last visit) is written into the picture and thrown away with it: nothing of it reaches anybody.
import { existsSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs"
import { join } from "node:path"
import { createLog, KeyringError, keyFileOf, LIMITS, type Log, readMasterKeys, within } from "../../app/index.ts"
import type { App } from "../../compose.ts"
import { type HttpServer, startServer } from "../../http/index.ts"
import type { Check } from "../../part/index.ts"
import { Follower, ReplicaError, type Restored, removeDraft, toolsOf, type Word } from "../../replica/index.ts"
import { type Certificate, openFiles, type Tls } from "../../tls/index.ts"
import { checksOf } from "./checks.ts"
import { becomeFirst, type FirstDeps, type Promoted, promotedOf } from "./first.ts"
import { createFront } from "./front.ts"
import { openPicture, type Picture } from "./picture.ts"

export type StandbyDeps = Omit<FirstDeps, "log"> & { log?: Log | undefined }

export class Standby {
  readonly log: Log
  private readonly follower: Follower
  private readonly secretKey: string
  private readonly front: ReturnType<typeof createFront>
  private server: HttpServer | null = null
  /** Null: the certificate is in the data. */
  private files: Tls | null = null
  private shownCert: string | null = null
  private picture: Picture | null = null
  private readonly ending = new Set<Promise<void>>()
  private count = 0
  private nextMs = 0
  private resting = Promise.withResolvers<void>()
  private stopped = false
  private renewing: Promise<void> = Promise.resolve()
  private promoting: Promise<Promoted> | null = null
  private readonly first = Promise.withResolvers<App>()

  /** @throws KeyringError, ReplicaError */
  constructor(private readonly deps: StandbyDeps) {
    const { config } = deps
    this.log = deps.log ?? createLog({ level: config.logLevel, format: config.logFormat })
    if (!config.replica)
      throw new ReplicaError("a standby follows a replica: set PURSER_REPLICA_URL as on the first server")
    const keys = readMasterKeys(config.dataDir, config.secretKey)
    if (!keys)
      throw new KeyringError(
        `${keyFileOf(config.dataDir)} is missing: a standby needs the key of the first server. Copy it there, or set PURSER_SECRET_KEY`,
      )
    this.secretKey = keys.live.map((key) => key.toString("hex")).join(",")
    const ignored = { onReplaced: () => {}, onShut: () => {} }
    this.follower = new Follower(toolsOf({ config, log: this.log, ...ignored }, config.replica))
    this.front = createFront({ config, log: this.log, follower: this.follower, picture: () => this.picture })
    // A standby that was killed leaves pictures, and whoever wrote them.
    if (existsSync(this.folder))
      for (const name of readdirSync(this.folder)) removeDraft(join(this.folder, name, "purser.db"))
    rmSync(this.folder, { recursive: true, force: true })
    // Whoever waits for it hears; nobody has to wait.
    this.first.promise.catch(() => {})
  }

  /** Resolves when this server is the first. */
  get promoted(): Promise<App> {
    return this.first.promise
  }

  /** Where it listens; null until there is a certificate to show. */
  get url(): string | null {
    return this.server?.url ?? null
  }

  get restored(): Restored | null {
    return this.picture?.restored ?? null
  }

  /** Looks once, listens, and goes on looking. */
  async start(): Promise<void> {
    const { config } = this.deps
    // A certificate of ACME is in the data. Files are replaced whether or not there is anything new to show.
    if (!config.acme) {
      this.files = openFiles({ config, log: this.log })
      this.files.onChange((next) => this.listen(next))
      this.listen(this.files.current)
    }
    await this.renewOnce()
    void this.follow()
  }

  status() {
    return this.front.status()
  }

  /** For `purser doctor`. */
  checks(): Check[] {
    const { dataDir, replica } = this.deps.config
    const { first, lagMs, cause } = this.follower
    const { restored } = this
    const { bavail, bsize } = statfsSync(dataDir)
    const path = this.picture?.app.store.path
    const pictureBytes = path ? statSync(path).size : 0
    const { leaseMs, fence: hasFence } = replica!
    return checksOf({ first, lagMs, cause, restored, pictureBytes, freeBytes: bavail * bsize, leaseMs, hasFence })
  }

  /** Takes over. Asked twice it is done once. @throws ReplicaError; it stands by on, then */
  promote(word: Word): Promise<Promoted> {
    this.promoting ??= this.become(word).catch((error: unknown) => {
      this.promoting = null
      throw error
    })
    return this.promoting
  }

  async stop(): Promise<void> {
    this.stopped = true
    this.resting.resolve()
    const isFirst = await this.promoting?.then(
      () => true,
      () => false,
    )
    if (isFirst) await (await this.first.promise).stop()
    else await this.close()
  }

  private get folder(): string {
    return join(this.deps.config.dataDir, "standby")
  }

  /** @param tls null = it speaks plain HTTP */
  private listen(tls: Certificate | null): void {
    const { host, port } = this.deps.config
    const wasShown = this.shownCert
    this.shownCert = tls?.cert ?? null
    if (this.server) {
      if (tls && tls.cert !== wasShown) this.server.useCertificate(tls)
      return
    }
    this.server = startServer({ ...this.front.bare, host, port, tls, handle: this.front.handle })
    this.log.info("standby.listening", { address: this.server.url, follows: this.follower.url })
  }

  private async follow(): Promise<void> {
    const everyMs = Math.min(LIMITS.standbyLookMs, this.deps.config.replica!.followMs)
    while (!this.stopped) {
      await within(this.resting.promise, everyMs)
      if (!this.stopped && !this.promoting) await this.renewOnce()
    }
  }

  private renewOnce(): Promise<void> {
    this.renewing = this.renew().catch((error: unknown) => this.log.error("standby.renew_failed", { error }))
    return this.renewing
  }

  /** A newer picture, where there is something newer and it is time. */
  private async renew(): Promise<void> {
    const { config, compose } = this.deps
    if (!(await this.follower.look()) || performance.now() < this.nextMs) return
    const beganMs = performance.now()
    const to = join(this.folder, String(++this.count))
    const restored = await this.follower.picture(to)
    const tookMs = performance.now() - beganMs
    // A large database must not be read all the time.
    this.nextMs = beganMs + Math.max(config.replica!.followMs, 10 * tookMs)
    if (!restored) return rmSync(to, { recursive: true, force: true })
    try {
      const words = { follower: this.follower, restored }
      const next = await openPicture({ config, compose, log: this.log, to, secretKey: this.secretKey, ...words })
      if (this.stopped) return void (await next.close())
      const before = this.picture
      this.picture = next
      this.log.info("standby.renewed", {
        lastCommit: new Date(restored.lastMs).toISOString(),
        tookMs: Math.round(tookMs),
      })
      if (before) this.end(before)
      if (!this.files) this.listen(next.app.tls.current)
    } catch (error) {
      // Another key, another address, a newer database: said until it is mended.
      this.follower.cause = (error as Error).message
      this.log.error("standby.unreadable", { error })
      rmSync(to, { recursive: true, force: true })
    }
  }

  /** What is being answered from it gets a moment. */
  private end(picture: Picture): void {
    const ended = within(this.resting.promise, LIMITS.standbyViewMs)
      .then(() => picture.close())
      .catch((error: unknown) => this.log.error("standby.close_failed", { error }))
      .finally(() => this.ending.delete(ended))
    this.ending.add(ended)
  }

  private async close(): Promise<void> {
    this.files?.stop()
    await this.server?.drain(0)
    await this.server?.stop()
    this.server = null
    await within(this.renewing, LIMITS.standbyViewMs)
    await Promise.all(this.ending)
    await this.picture?.close()
    this.picture = null
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async become(word: Word): Promise<Promoted> {
    const { log, deps } = this
    const beganMs = performance.now()
    log.warn("standby.promoting", { url: this.follower.url, first: this.follower.first?.host })
    let isLeaving = false
    try {
      const { app, restored } = await becomeFirst({ ...deps, log }, word, async () => {
        isLeaving = true
        this.stopped = true
        this.resting.resolve()
        await this.close()
      })
      const { url } = await app.listen()
      const tookMs = Math.round(performance.now() - beganMs)
      log.warn("standby.promoted", { url, tookMs, lastCommit: new Date(restored.lastMs).toISOString() })
      this.first.resolve(app)
      return promotedOf(restored, { tookMs, url })
    } catch (error) {
      // It stands by no more, and what it took is its own: the next start goes on from there.
      if (isLeaving) this.first.reject(error)
      throw error
    }
  }
}
