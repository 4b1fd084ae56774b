// Ids of principals that come with imported books. They own accounts; who they are is not in the books, so nobody can sign in as
// one of them, and nobody who signs up later gets their id.
import { AppError, PrincipalId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { hasPrincipals, insertPoolPrincipal, insertPrincipal } from "./store/users.ts"

/** A principal that nobody signs in as: it owns credits, and nothing else. */
export const openPoolIn = (tx: Tx): PrincipalId => PrincipalId(insertPoolPrincipal(tx))

/** @throws AppError `conflict` when there are accounts already: their ids would be mixed up */
export function reservePrincipalsIn(tx: Tx, ids: readonly number[]): void {
  if (hasPrincipals(tx))
    throw new AppError("conflict", "There are accounts in this database already. Import into an empty data folder.")
  for (const id of ids) insertPrincipal(tx, id)
}
