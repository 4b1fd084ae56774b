// Lists that a person keeps: a page with its filters and order, under a name. Theirs alone, so nothing of it is audited.
import { AppError, ensure, nameProblem, tidyName, type UserId } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { ownList, removeList, type SavedList, savedListsOf, saveList } from "./store/saved-lists.ts"

/** Part of Identity. */
export interface SavedListVerbs {
  /** By name. */
  savedLists(userId: UserId, page: string): SavedList[]
  /** The same name again takes the new query. @throws AppError validation_failed (formErrors name) */
  saveList(ctx: WriteContext, input: SaveList): Promise<void>
  /** @returns what was removed, @throws AppError not_found */
  removeList(ctx: WriteContext, input: { userId: UserId; id: number }): Promise<SavedList & { page: string }>
}

export interface SaveList {
  userId: number
  /** Path, such as `/admin/users`. */
  page: string
  query: string
  name: string
}

/** @see Identity.saveList */
export function saveListIn(tx: Tx, input: SaveList): void {
  const name = tidyName(input.name)
  const refuse = (words: string) => {
    throw new AppError("validation_failed", words, { formErrors: { name: words } })
  }
  const problem = nameProblem(name, { of: "thing", charsMax: L.savedListNameCharsMax })
  if (problem) refuse(problem)
  if (input.query.length > L.savedListQueryCharsMax) refuse("These filters are too long to keep. Shorten the search.")
  const others = savedListsOf(tx, input.userId, input.page).filter((list) => list.name !== name)
  if (others.length >= L.savedListsMax) refuse(`You keep ${L.savedListsMax} already. Remove one first.`)
  saveList(tx, { ...input, name })
}

/** @see Identity.removeList */
export function removeListIn(tx: Tx, input: { userId: number; id: number }): SavedList & { page: string } {
  const list = ownList(tx, input.userId, input.id)
  ensure(list, "not_found", "This saved list is gone already.")
  removeList(tx, input.userId, input.id)
  return list
}
