// A server keeps its certificate for life, so another one takes over, on the same port. The earlier one is closed when nobody begins a
// connection there any more: whoever is in a handshake when a server closes is cut off.
import type { Server } from "bun"
import { steerTo } from "./steering.ts"

/** A handshake over a bad line; nothing new comes in that time. */
const LEFT_MS = 10_000
/** Where new connections cannot be steered, half of them still go to the earlier one: each gets the old certificate, so not for long. */
const SHARED_MS = 2_000

export class Takeover {
  /** Those that listen, as the system numbers them. */
  private readonly listeners: Server<undefined>[]
  private readonly open: Set<Server<undefined>>

  /** @param leftMs how long a server that was left is kept */
  constructor(
    private newest: Server<undefined>,
    private readonly leftMs: number = LEFT_MS,
  ) {
    this.listeners = [newest]
    this.open = new Set([newest])
  }

  /** The newest, and earlier ones until their connections end. */
  all(): Server<undefined>[] {
    return [...this.open]
  }

  by(next: Server<undefined>): void {
    const before = this.newest
    this.newest = next
    this.listeners.push(next)
    this.open.add(next)
    const isLeft = this.steer()
    const timer = setTimeout(() => this.close(before), isLeft ? this.leftMs : Math.min(this.leftMs, SHARED_MS))
    timer.unref?.()
  }

  private close(server: Server<undefined>): void {
    // The last takes the number of the one that leaves, as in the system.
    const last = this.listeners.pop()!
    const number = this.listeners.indexOf(server)
    if (number >= 0) this.listeners[number] = last
    void server.stop(false).finally(() => this.open.delete(server))
    this.steer()
  }

  private steer(): boolean {
    return steerTo(this.newest.port!, this.listeners.indexOf(this.newest))
  }
}
