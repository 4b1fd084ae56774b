// Sessions of MCP clients with groups. A row keeps what the client said when it began; the SDK's server of it lives in memory and is made
// again from the row, by the client's own words, where a restart or want of room ended it. A session is its user's, app's and group's alone.
import type { Server as SdkServer } from "@modelcontextprotocol/sdk/server/index.js"
import type { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { randomSecret, sha256Hex, type UserId } from "../../app/index.ts"
import type { Caller } from "../../gateway/index.ts"
import type { Core } from "../core.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import type { Group } from "../types.ts"
import { library } from "./library.ts"
import type { Link } from "./link.ts"
import { createServer } from "./server.ts"
import {
  deleteOldSessions,
  deleteSession,
  insertSession,
  type SessionRow,
  sessionByHash,
  touchSession,
} from "./store.ts"

export interface Session {
  hash: string
  userId: UserId
  groupId: number
  server: SdkServer
  transport: WebStandardStreamableHTTPServerTransport
  link: Link
  /** Ends what listens to changes of the group. */
  stopListening(): void
}

/** Of an app, a key: who goes on with a session must be who began it. */
const callerText = ({ clientId, keyId, kind }: Caller): string => `${kind}:${clientId ?? keyId ?? ""}`

export class Sessions {
  /** The one that was used last stands last. */
  private readonly live = new Map<string, Session>()
  isStopping = false

  constructor(private readonly core: Core) {}

  /** A session that begins with this message. Its id is in the answer's header; its row is there before. */
  async begin(group: Group, caller: Caller, opening: string): Promise<Session> {
    const id = randomSecret()
    const hash = sha256Hex(id)
    await this.core.store.write(ctxOf(caller, "an MCP client began a session"), (tx) => {
      const times = { createdMs: tx.now, usedMs: tx.now }
      insertSession(tx, {
        idHash: hash,
        userId: caller.userId,
        groupId: group.id,
        caller: callerText(caller),
        opening,
        level: null,
        watched: "[]",
        ...times,
      })
      deleteOldSessions(tx, caller.userId, L.sessionsPerPersonMax)
    })
    return this.make(id, hash, group, caller)
  }

  /** Null: there is none, or it is somebody else's. */
  async find(id: string, group: Group, caller: Caller): Promise<Session | null> {
    const hash = sha256Hex(id)
    const row = sessionByHash(this.core.store.read, hash)
    const isTheirs = row?.userId === caller.userId && row.groupId === group.id && row.caller === callerText(caller)
    if (!row || !isTheirs) return null
    this.noteUse(row)
    const known = this.live.get(hash)
    if (known) {
      this.live.delete(hash)
      this.live.set(hash, known)
      return known
    }
    return this.revive(id, row, group, caller)
  }

  /** The client ended it. */
  async end(session: Session, caller: Caller): Promise<void> {
    await this.core.store.write(ctxOf(caller, "an MCP client ended its session"), (tx) =>
      deleteSession(tx, session.hash),
    )
    await this.drop(session)
  }

  /** Of one person: what is open is ended, rows stay. */
  async disconnect(userId: UserId): Promise<void> {
    await Promise.all([...this.live.values()].filter((one) => one.userId === userId).map((one) => this.drop(one)))
  }

  /** Streams that only listen would keep the listener open for the whole drain. Calls go on. */
  stopListening(): void {
    this.isStopping = true
    for (const { transport } of this.live.values()) transport.closeStandaloneSSEStream()
  }

  async close(): Promise<void> {
    await Promise.all([...this.live.values()].map((one) => this.drop(one)))
  }

  private async make(id: string, hash: string, group: Group, { userId, mode }: Caller): Promise<Session> {
    const { WebStandardStreamableHTTPServerTransport: Sdk } = library()
    const transport = new Sdk({ sessionIdGenerator: () => id, keepAliveMs: L.keepAliveMs })
    const { server, link } = createServer({ core: this.core, group, userId, mode, sessionHash: hash })
    await server.connect(transport as Transport)
    const stopListening = this.core.changes.on(group.id, () => {
      for (const told of [
        server.sendToolListChanged(),
        server.sendResourceListChanged(),
        server.sendPromptListChanged(),
      ])
        told.catch(() => {})
    })
    const session = { hash, userId, groupId: group.id, server, transport, link, stopListening }
    this.live.set(hash, session)
    await this.makeRoom(userId)
    return session
  }

  private async makeRoom(userId: UserId): Promise<void> {
    const theirs = [...this.live.values()].filter((one) => one.userId === userId)
    for (const old of theirs.slice(0, -L.sessionsInMemoryPerPersonMax)) await this.drop(old)
    for (const old of this.live.values()) {
      if (this.live.size <= L.sessionsInMemoryMax) break
      await this.drop(old)
    }
  }

  /** As it began, by the words of its client: nothing of it is remembered elsewhere. */
  private async revive(id: string, row: SessionRow, group: Group, caller: Caller): Promise<Session> {
    const session = await this.make(id, row.idHash, group, caller)
    const initialized = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })
    for (const body of [row.opening, initialized]) {
      const answer = await session.transport.handleRequest(replay(id, body), {
        parsedBody: JSON.parse(body) as unknown,
      })
      await answer.text()
    }
    session.link.restore(row)
    return session
  }

  private async drop(session: Session): Promise<void> {
    this.live.delete(session.hash)
    session.stopListening()
    session.link.end()
    this.core.pool.endSession(session.hash)
    await session.server.close().catch(() => {})
  }

  private noteUse({ idHash, usedMs }: SessionRow): void {
    if (this.core.clock.now() - usedMs < L.usedEveryMs) return
    void this.core.store.write(USED, (tx) => touchSession(tx, idHash)).catch(() => {})
  }
}

const USED = { actor: "system:mcp-sessions", requestId: "job:mcp-sessions", reason: "when a session was used" }
const ctxOf = ({ actor, userPublicId }: Caller, reason: string) => ({
  actor,
  onBehalfOf: `user:${userPublicId}`,
  requestId: "mcp-session",
  reason,
})

const replay = (id: string, body: string): Request =>
  new Request("http://session.invalid/", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-session-id": id,
    },
    body,
  })
