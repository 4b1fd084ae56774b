// Ids of principals that are no person's: a team's, a pool's, and those that come with imported books. The last own accounts; who they are is
// not in the books, so nobody can sign in as one of them, and nobody who signs up later gets their id.
import { AppError, PrincipalId, type UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { hasPrincipals, insertPoolPrincipal, insertPrincipal, insertTeamPrincipal } from "./store/users.ts"

/** A principal that nobody signs in as: it owns credits, and nothing else. */
export const openPoolIn = (tx: Tx): PrincipalId => PrincipalId(insertPoolPrincipal(tx))

/** @throws AppError `conflict` when there are accounts already: their ids would be mixed up */
export function reservePrincipalsIn(tx: Tx, ids: readonly number[]): void {
  if (hasPrincipals(tx))
    throw new AppError("conflict", "There are accounts in this database already. Import into an empty data folder.")
  for (const id of ids) insertPrincipal(tx, id)
}

/** Owns what a person may own: wallet, keys, apps. Nobody signs in as it. */
export const makeTeamPrincipalIn = (tx: Tx): UserId => insertTeamPrincipal(tx)
