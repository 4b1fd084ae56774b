// Names and amounts that operations share.
import { type Nano, PrincipalId } from "../../../src/app/index.ts"
import type { Mode, Owner, Principal } from "../../../src/ledger/index.ts"
import type { WriteContext } from "../../../src/store/index.ts"
import type { Random } from "../random.ts"

export const USERS = [1, 2, 3, 4, 5]
export const DEVELOPERS = [8, 9]
export const SCOPES = ["llm", "embeddings"]
export const CLIENTS = [1, 2, 3]

/** Past every id of a run. */
export const UNKNOWN = 1_000_000

export const ctx: WriteContext = { actor: "system:simulator", requestId: "req_sim", reason: "simulated" }

export const ownerOf = (wallet: string): { owner: Owner; mode: Mode } => {
  const [mode, id] = wallet.split(" ")
  return { owner: { kind: "principal", id: PrincipalId(Number(id)) }, mode: mode as Mode }
}
export const person = (id: number | null): Principal | null =>
  id === null ? null : { kind: "principal", id: PrincipalId(id) }

/** Unchecked: the ledger is asked for what is no amount, too. */
export const asNano = (value: number): Nano => value as Nano

/** Mostly small, so that many things meet on few credits; in test mode now and then at the edge of what is allowed. */
export function amount(random: Random, max: number, wallet: string): number {
  if (wallet.startsWith("test") && random.oneIn(25)) return Number.MAX_SAFE_INTEGER - random.int(3)
  return random.int(max)
}

/** What no verb may accept. */
export const badAmount = (random: Random): number =>
  random.pick([-1, -1_000, 0.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1_000.000_001])
