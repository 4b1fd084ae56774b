// Kinds of calls: one small row that millions of charges refer to. Nothing of it is looked up for a call whose kind is known.
import type { ClientId, RouteId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { insertFirstCall, pricesRow, routeRow } from "./store.ts"
import type { Route } from "./types.ts"

/** Row ids by what stands in the row. Filled between commit and answer only: none is known that was undone. */
class RowMemory<Key> {
  private readonly ids = new Map<Key, number>()

  constructor(private readonly rowsMax: number) {}

  idIn(tx: Tx, key: Key, make: () => number): number {
    const known = this.ids.get(key)
    if (known !== undefined) return known
    const id = make()
    tx.afterCommit(() => {
      if (this.ids.size >= this.rowsMax) this.ids.clear()
      this.ids.set(key, id)
    })
    return id
  }
}

const PRICES_MAX = 1_000
const ROUTES_MAX = 10_000
const CLIENTS_MAX = 10_000

export class RoutesMemory {
  private readonly prices = new RowMemory<string>(PRICES_MAX)
  private readonly routes = new RowMemory<string>(ROUTES_MAX)
  private readonly answered = new RowMemory<ClientId>(CLIENTS_MAX)

  routeIn(tx: Tx, route: Route): RouteId {
    const { prices } = route
    const pricesId = prices === null ? 0 : this.prices.idIn(tx, prices, () => pricesRow(tx, prices))
    const { endpoint, upstreamId, requested, model } = route
    const key = `${endpoint} ${upstreamId} ${pricesId} ${requested.length} ${requested}${model}`
    return this.routes.idIn(tx, key, () => routeRow(tx, route, pricesId)) as RouteId
  }

  answeredIn(tx: Tx, clientId: ClientId): void {
    this.answered.idIn(tx, clientId, () => {
      insertFirstCall(tx, clientId)
      return clientId
    })
  }
}
