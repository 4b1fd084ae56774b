// Connections that are open now, one a server: made with the first use, shared by all that follow, closed when nobody uses them.
import { AppError } from "../../app/index.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import type { Connection } from "./connect.ts"

interface Entry {
  ready: Promise<Connection>
  users: number
  idleSinceMs: number
}

/** Shared by all, or of one session: a server may then ask its client something. */
export interface ConnectionKey {
  serverId: number
  session?: string | undefined
}

const keyText = ({ serverId, session = "" }: ConnectionKey): string => `${serverId} ${session}`

export class Pool {
  private readonly entries = new Map<string, Entry>()
  /** Whose that stay open while nobody uses them: somebody waits for what their server tells. */
  private readonly kept = new Map<string, number>()
  private readonly timer: ReturnType<typeof setInterval>

  constructor() {
    this.timer = setInterval(() => this.closeIdle(), L.idleMs / 4)
    this.timer.unref?.()
  }

  /** @throws what `make` throws; AppError overloaded */
  async use<T>(
    key: ConnectionKey,
    make: () => Promise<Connection>,
    run: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const entry = await this.entryOf(keyText(key), make)
    entry.users++
    try {
      return await run(await entry.ready)
    } finally {
      entry.users--
      entry.idleSinceMs = performance.now()
    }
  }

  private async entryOf(key: string, make: () => Promise<Connection>): Promise<Entry> {
    const known = this.entries.get(key)
    if (known && !(await isClosed(known))) return known
    // Somebody else may have made it meanwhile.
    const now = this.entries.get(key)
    if (now && now !== known) return now
    if (this.entries.size >= L.connectionsMax) this.closeIdle(0)
    if (this.entries.size >= L.connectionsMax)
      throw new AppError("overloaded", "Too many tool servers are in use. Try again in a moment.")
    const entry = { ready: make(), users: 0, idleSinceMs: performance.now() }
    this.entries.set(key, entry)
    entry.ready.catch(() => this.forget(key, entry))
    return entry
  }

  /**
   * Not closed for want of use from now on.
   * @param owner a person: so many of one, that nobody's many use up the room of all
   * @throws AppError overloaded
   */
  keep(key: ConnectionKey, owner: number): void {
    const text = keyText(key)
    if (this.kept.has(text)) return
    const theirs = [...this.kept.values()].filter((one) => one === owner).length
    if (theirs >= L.watchingPerPersonMax || this.kept.size >= L.watchingMax)
      throw new AppError("overloaded", "Too many tool servers are watched. End what you no longer listen to.")
    this.kept.set(text, owner)
  }

  letGo(key: ConnectionKey): void {
    this.kept.delete(keyText(key))
  }

  private forget(key: string, entry: Entry): void {
    if (this.entries.get(key) === entry) this.entries.delete(key)
  }

  private closeIdle(idleMs: number = L.idleMs): void {
    const beforeMs = performance.now() - idleMs
    for (const [key, entry] of this.entries) {
      if (entry.users === 0 && !this.kept.has(key) && entry.idleSinceMs <= beforeMs) this.endOne(key)
    }
  }

  /** Its credential or its address is another one now, or it is gone: what runs is cut. */
  end(serverId: number): void {
    for (const key of this.entries.keys()) if (key.startsWith(`${serverId} `)) this.endOne(key)
  }

  /** One that its server forgot. */
  drop(key: ConnectionKey): void {
    this.endOne(keyText(key))
  }

  /** A session is over: what was made for it alone goes with it. */
  endSession(session: string): void {
    for (const key of this.kept.keys()) if (key.endsWith(` ${session}`)) this.kept.delete(key)
    for (const key of this.entries.keys()) if (key.endsWith(` ${session}`)) this.endOne(key)
  }

  private endOne(key: string): void {
    const entry = this.entries.get(key)
    this.entries.delete(key)
    entry?.ready.then((connection) => connection.close()).catch(() => {})
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    const open = [...this.entries.values()]
    this.entries.clear()
    await Promise.all(open.map(({ ready }) => ready.then((connection) => connection.close()).catch(() => {})))
  }
}

const isClosed = ({ ready }: Entry): Promise<boolean> =>
  ready.then(
    (connection) => connection.isClosed,
    () => true,
  )
