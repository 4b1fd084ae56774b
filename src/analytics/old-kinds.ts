// Sets by kind of the days before there were any: made in the background, the newest first, a slice of wallets at a time. Days that are
// not made yet are counted from wallets.
import type { Store } from "../store/index.ts"
import { addOldKindsIn, dayBefore, kindsFromDay, setKindsFromDay } from "./store-fold.ts"

const CTX = { actor: "system:analytics", requestId: "job:analytics", reason: "sums of calls" }

/** Begins a day anew when the server does: who is in a set already changes nothing. */
export class OldKinds {
  private day: number | null = null
  private after = 0

  /** @param rows of a slice @returns whether there is more to do */
  async run(store: Pick<Store, "read" | "write">, rows: number): Promise<boolean> {
    const from = kindsFromDay(store.read)
    if (from === 0) return false
    return store.write(CTX, (tx) => {
      const day = dayBefore(tx, from)
      if (day === null) {
        setKindsFromDay(tx, 0)
        return false
      }
      const last = addOldKindsIn(tx, day, this.day === day ? this.after : 0, rows)
      if (last === null) setKindsFromDay(tx, day)
      else [this.day, this.after] = [day, last]
      return true
    })
  }
}
