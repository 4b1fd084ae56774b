// What the listener counts: answers by route and by status, and how long until each began. Routes are patterns, so there are no more
// rows than routes; an address without one is counted as such, whatever it was.
import { ANSWER_MS, Histogram } from "../app/index.ts"

/** Answers of one route. */
export interface RouteTraffic {
  method: string
  route: string
  /** By status. */
  readonly statuses: Map<number, number>
  /** ms until the answer began; a stream goes on after it. */
  readonly ms: Histogram
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
const NO_ROUTE = "(none)"

export class Traffic {
  private readonly byRoute = new Map<string, Map<string, RouteTraffic>>()
  /** Being answered, until the answer begins. */
  running = 0

  /** @param route null = no route */
  count(method: string, route: string | null, status: number, ms: number): void {
    const name = route ?? NO_ROUTE
    let methods = this.byRoute.get(name)
    if (!methods) {
      methods = new Map()
      this.byRoute.set(name, methods)
    }
    let traffic = methods.get(method)
    if (!traffic) {
      // Whoever invents methods makes one row.
      const known = METHODS.has(method) ? method : "other"
      traffic = methods.get(known) ?? { method: known, route: name, statuses: new Map(), ms: new Histogram(ANSWER_MS) }
      methods.set(known, traffic)
    }
    traffic.statuses.set(status, (traffic.statuses.get(status) ?? 0) + 1)
    traffic.ms.observe(ms)
  }

  rows(): RouteTraffic[] {
    return [...this.byRoute.values()].flatMap((methods) => [...methods.values()])
  }
}
