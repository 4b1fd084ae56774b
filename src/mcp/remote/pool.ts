// Connections that are open now, one a server: made with the first use, shared by all that follow, closed when nobody uses them.
import { AppError } from "../../app/index.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import type { Connection } from "./connect.ts"

interface Entry {
  ready: Promise<Connection>
  users: number
  idleSinceMs: number
}

export class Pool {
  private readonly entries = new Map<number, Entry>()
  private readonly timer: ReturnType<typeof setInterval>

  constructor() {
    this.timer = setInterval(() => this.closeIdle(), L.idleMs / 4)
    this.timer.unref?.()
  }

  /** @throws what `make` throws; AppError overloaded */
  async use<T>(
    serverId: number,
    make: () => Promise<Connection>,
    run: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const entry = await this.entryOf(serverId, make)
    entry.users++
    try {
      return await run(await entry.ready)
    } finally {
      entry.users--
      entry.idleSinceMs = performance.now()
    }
  }

  private async entryOf(serverId: number, make: () => Promise<Connection>): Promise<Entry> {
    const known = this.entries.get(serverId)
    if (known && !(await isClosed(known))) return known
    // Somebody else may have made it meanwhile.
    const now = this.entries.get(serverId)
    if (now && now !== known) return now
    if (this.entries.size >= L.connectionsMax) this.closeIdle(0)
    if (this.entries.size >= L.connectionsMax)
      throw new AppError("overloaded", "Too many tool servers are in use. Try again in a moment.")
    const entry = { ready: make(), users: 0, idleSinceMs: performance.now() }
    this.entries.set(serverId, entry)
    entry.ready.catch(() => this.forget(serverId, entry))
    return entry
  }

  private forget(serverId: number, entry: Entry): void {
    if (this.entries.get(serverId) === entry) this.entries.delete(serverId)
  }

  private closeIdle(idleMs: number = L.idleMs): void {
    const beforeMs = performance.now() - idleMs
    for (const [id, entry] of this.entries) {
      if (entry.users === 0 && entry.idleSinceMs <= beforeMs) this.end(id)
    }
  }

  /** Its credential or its address is another one now, or it is gone: what runs is cut. */
  end(serverId: number): void {
    const entry = this.entries.get(serverId)
    this.entries.delete(serverId)
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
