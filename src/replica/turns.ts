// Turns: who may write the replica, as objects that are made and never changed: `turns/1.json`, `turns/2.json`, … A turn is its maker's,
// and ends when the next one exists. Making one that is there already fails, on a disk and in a store that keeps conditions, so that two
// who try at once are told apart; and a late write of somebody who was replaced can change the mark, but no turn.
import { Type } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { ReplicaError } from "./error.ts"
import type { Marker } from "./marker.ts"
import type { Remote } from "./remote.ts"

export interface Turn {
  number: number
  holder: string
  epoch: number
  /** For people. */
  host: string
}

/** The newest one that was made, when it is not the mark's: of somebody who has not written the mark yet, and may be about to. */
export type Pending = Turn | null

const TurnShape = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  holder: Type.String({ maxLength: 100 }),
  epoch: Type.Integer({ minimum: 1 }),
  host: Type.String({ maxLength: 300 }),
})

const nameOf = (number: number): string => `turns/${number}.json`

/** @throws RemoteError, ReplicaError for one that cannot be read */
export async function turnAt(remote: Remote, number: number): Promise<Turn | null> {
  const found = await remote.get(nameOf(number))
  if (!found) return null
  try {
    return Value.Decode(TurnShape, JSON.parse(found.text))
  } catch {
    throw new ReplicaError(`${nameOf(number)} of the replica is damaged; nothing was changed. Restore that object`)
  }
}

/** More than ever wait for their mark: each is a server that died between two writes. */
const PENDING_MAX = 1_000

/** @throws RemoteError, ReplicaError */
export async function pendingAfter(remote: Remote, known: number): Promise<Pending> {
  let last: Pending = null
  for (let number = known + 1; number <= known + PENDING_MAX; number++) {
    const turn = await turnAt(remote, number)
    if (!turn) return last
    last = turn
  }
  return last
}

/**
 * @returns false when somebody else made it first
 * @throws RemoteError when it is not known; whether it exists is found out by looking
 */
export async function makeTurn(remote: Remote, turn: Turn): Promise<boolean> {
  return remote.put(nameOf(turn.number), `${JSON.stringify(turn)}\n`, null)
}

/** Whether the store refuses to make what is there. @param turn one that was just made by us */
export const refusesTwice = async (remote: Remote, turn: Turn): Promise<boolean> => !(await makeTurn(remote, turn))

export const turnOf = (marker: Marker | null): number => marker?.turn ?? 0
