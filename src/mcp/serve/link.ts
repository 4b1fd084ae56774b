// What one session has of the group's servers for itself: what they may ask its client, which of their log messages it hears, and of which
// resources it hears that they changed. Servers tell that to the connection that asked, so such a session has connections of its own and what
// it is told reaches no other one.
import type { Server as SdkServer } from "@modelcontextprotocol/sdk/server/index.js"
import type { LoggingLevel } from "@modelcontextprotocol/sdk/types.js"
import { AppError, ensure } from "../../app/index.ts"
import { type Own, overConnection } from "../core.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import type { Connection } from "../remote/connect.ts"
import { words } from "../remote/library.ts"
import { serverById } from "../store.ts"
import type { Server } from "../types.ts"
import { asked, ownerOfResource } from "./pass.ts"
import { answerQuestions } from "./questions.ts"
import type { Extra, Served } from "./server.ts"
import { type SessionRow, saveWishes } from "./store.ts"

const LEVELS: readonly LoggingLevel[] = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
]

const WISHES = { actor: "system:mcp-sessions", requestId: "job:mcp-sessions", reason: "what a session wants to hear" }

export class Link {
  /** Calls that run now, the newest last: what servers ask and log goes over their streams. */
  private readonly active: Extra[] = []
  private calledMs = Number.NEGATIVE_INFINITY
  private level: LoggingLevel | null = null
  /** By address, whose it is. */
  private readonly watched = new Map<string, number>()
  private readonly open = new Map<number, Connection>()
  private readonly lost = new Map<number, { tries: number; timer: ReturnType<typeof setTimeout> }>()
  private told = { minute: 0, count: 0 }
  private isOver = false

  constructor(
    private readonly served: Served,
    private readonly server: () => SdkServer,
  ) {}

  async during<T>(extra: Extra, run: () => Promise<T>): Promise<T> {
    this.active.push(extra)
    try {
      return await run()
    } finally {
      this.active.splice(this.active.indexOf(extra), 1)
      this.calledMs = performance.now()
    }
  }

  /** Null where there is nothing to ask or to tell: then the connection is everybody's. */
  own(): Own | null {
    const { sampling, elicitation } = this.server().getClientCapabilities() ?? {}
    if (this.served.mode === "test") return null
    if (!sampling && !elicitation && this.level === null && this.watched.size === 0) return null
    return this.ownAlways()
  }

  private ownAlways(): Own {
    const { sampling, elicitation } = this.server().getClientCapabilities() ?? {}
    return {
      session: this.served.sessionHash,
      capabilities: { ...(sampling ? { sampling } : {}), ...(elicitation ? { elicitation } : {}) },
      prepare: (client, server) => {
        answerQuestions(client, this.active, { sampling, elicitation })
        this.hear(client, server)
      },
      ready: (connection, server) => this.ready(connection, server),
    }
  }

  private hear(client: Connection["client"], server: Server): void {
    const { LoggingMessageNotificationSchema, ResourceUpdatedNotificationSchema } = words()
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params: { level, logger, data } }) => {
      // Of a call that runs, or just ended: it was proven who made it. What a server says at other times is for nobody.
      const extra = this.active.at(-1)
      const isOfCall = extra !== undefined || performance.now() - this.calledMs < L.logsAfterMs
      const isWanted = this.level !== null && LEVELS.indexOf(level) >= LEVELS.indexOf(this.level)
      const text = JSON.stringify(data ?? null)
      if (!isOfCall || !isWanted || text.length > L.logCharsMax || !this.mayTell()) return
      const named = logger ? `${server.name}: ${logger.slice(0, L.nameCharsMax)}` : server.name
      const said = { method: "notifications/message", params: { level, logger: named, data } } as const
      void (extra ? extra.sendNotification(said) : this.server().notification(said)).catch(() => {})
    })
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params: { uri } }) => {
      // A part of what is watched may have an address of its own, so it is not compared.
      const isWatched = [...this.watched.values()].includes(server.id)
      if (isWatched && uri.length <= L.uriCharsMax && this.mayTell()) this.tellUpdated(uri)
    })
  }

  private tellUpdated(uri: string): void {
    this.server()
      .sendResourceUpdated({ uri })
      .catch(() => {})
  }

  private mayTell(): boolean {
    const minute = Math.floor(performance.now() / 60_000)
    if (this.told.minute !== minute) this.told = { minute, count: 0 }
    return ++this.told.count <= L.toldPerMinuteMax
  }

  /** A new connection is told what the session wants. */
  private async ready(connection: Connection, server: Server): Promise<void> {
    const { client } = connection
    this.open.set(server.id, connection)
    connection.onClosed = () => this.closed(server.id, connection)
    if (this.level !== null) await this.sayLevel(connection)
    const lost = this.lost.get(server.id)
    for (const [uri, serverId] of this.watched) {
      if (serverId !== server.id) continue
      const isHeard = await client.subscribeResource({ uri }, { timeout: L.listMs }).then(
        () => true,
        () => false,
      )
      // Something may have happened meanwhile that nobody told.
      if (isHeard && lost) this.tellUpdated(uri)
    }
    if (lost) clearTimeout(lost.timer)
    this.lost.delete(server.id)
  }

  private async sayLevel({ client }: Connection): Promise<void> {
    if (client.getServerCapabilities()?.logging)
      await client.setLoggingLevel(this.level!, { timeout: L.listMs }).catch(() => {})
  }

  async setLevel(level: LoggingLevel): Promise<void> {
    this.level = level
    await this.keep()
    await Promise.all([...this.open.values()].map((connection) => this.sayLevel(connection)))
  }

  /** @throws AppError not_found, conflict, overloaded, tool_error, tool_timeout */
  async watch(uri: string, signal: AbortSignal): Promise<void> {
    const { core, group, sessionHash, userId } = this.served
    const owner = ownerOfResource(core.store.read, group.id, uri)
    ensure(owner, "not_found", "This group has nothing of that name.")
    const { server } = owner
    const most = L.watchedPerSessionMax
    const hasRoom = this.watched.has(uri) || this.watched.size < most
    ensure(hasRoom, "conflict", `A session hears of ${most} resources at most.`)
    if (this.served.mode === "test") {
      this.watched.set(uri, server.id)
      return this.keep()
    }
    const key = { serverId: server.id, session: sessionHash }
    core.pool.keep(key, userId)
    try {
      const ask = async ({ client }: Connection) => {
        ensure(
          client.getServerCapabilities()?.resources?.subscribe,
          "conflict",
          "That server tells nobody when its resources change.",
        )
        await client.subscribeResource({ uri }, { signal, timeout: L.callMs })
      }
      await asked(this.served, owner, { ask, inTest: () => {}, own: this.ownAlways() })
      this.watched.set(uri, server.id)
    } catch (error) {
      this.letGo(server.id)
      throw error
    }
    await this.keep()
  }

  /** What was never watched ends as well. */
  async unwatch(uri: string): Promise<void> {
    const serverId = this.watched.get(uri)
    if (serverId === undefined) return
    this.watched.delete(uri)
    await this.open
      .get(serverId)
      ?.client.unsubscribeResource({ uri }, { timeout: L.listMs })
      .catch(() => {})
    this.letGo(serverId)
    await this.keep()
  }

  private letGo(serverId: number): void {
    const isWatched = [...this.watched.values()].includes(serverId)
    if (!isWatched) this.served.core.pool.letGo({ serverId, session: this.served.sessionHash })
  }

  private closed(serverId: number, connection: Connection): void {
    if (this.open.get(serverId) === connection) this.open.delete(serverId)
    this.again(serverId)
  }

  /** What is watched is watched again, unless nobody has it any more. */
  private again(serverId: number): void {
    if (this.isOver || ![...this.watched.values()].includes(serverId)) return
    const tries = (this.lost.get(serverId)?.tries ?? 0) + 1
    const waitMs = Math.min(L.rewatchMs * 2 ** (tries - 1), L.rewatchMsMax)
    const timer = setTimeout(() => void this.watchAgain(serverId), waitMs)
    timer.unref?.()
    this.lost.set(serverId, { tries, timer })
  }

  private async watchAgain(serverId: number): Promise<void> {
    const { core, group } = this.served
    const server = serverById(core.store.read, serverId)
    for (const [uri, owner] of this.watched)
      if (owner === serverId && ownerOfResource(core.store.read, group.id, uri)?.server.id !== serverId)
        this.watched.delete(uri)
    this.letGo(serverId)
    if (this.isOver || !server || ![...this.watched.values()].includes(serverId)) return
    await overConnection(core, server, async () => {}, this.ownAlways()).catch(() => this.again(serverId))
  }

  private async keep(): Promise<void> {
    const { core, sessionHash } = this.served
    const watched = JSON.stringify([...this.watched.keys()])
    await core.store.write(WISHES, (tx) => saveWishes(tx, sessionHash, { level: this.level, watched }))
  }

  /** As the row has it: a session that is made again goes on with what it was told before. */
  restore({ level, watched }: Pick<SessionRow, "level" | "watched">): void {
    const { core, group, sessionHash, userId } = this.served
    this.level = level
    for (const uri of JSON.parse(watched) as string[]) {
      const owner = ownerOfResource(core.store.read, group.id, uri)
      if (owner) this.watched.set(uri, owner.server.id)
    }
    if (this.served.mode === "test") return
    for (const serverId of new Set(this.watched.values())) {
      try {
        core.pool.keep({ serverId, session: sessionHash }, userId)
        this.again(serverId)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
      }
    }
  }

  end(): void {
    this.isOver = true
    for (const { timer } of this.lost.values()) clearTimeout(timer)
  }
}
