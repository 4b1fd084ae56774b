// Low-water marks: who waits for a wallet to fall below an amount. In memory alone, beside the writer, so that a charge pays one look into a
// map for it and no statement. A mark that was passed is taken off until somebody sets it again; a process that dies loses the word, so
// whoever waits also looks by himself now and then.
import type { Nano, PrincipalId } from "../../app/index.ts"

const NONE: readonly PrincipalId[] = []

export class Lows {
  private readonly marks = new Map<PrincipalId, Nano>()
  private fallen: PrincipalId[] = []

  set(ownerId: PrincipalId, belowNano: Nano | null): void {
    if (belowNano === null) this.marks.delete(ownerId)
    else this.marks.set(ownerId, belowNano)
  }

  /** @param bookedNano what the wallet has by its entries, held credits among it */
  look(ownerId: PrincipalId, bookedNano: number): void {
    if (this.marks.size === 0) return
    const below = this.marks.get(ownerId)
    if (below === undefined || bookedNano >= below) return
    this.marks.delete(ownerId)
    this.fallen.push(ownerId)
  }

  /** Those that fell since it was last asked. */
  take(): readonly PrincipalId[] {
    if (this.fallen.length === 0) return NONE
    const { fallen } = this
    this.fallen = []
    return fallen
  }
}
