// Which tools of a person an app reaches: their consent says all, or names groups. What it does not name is to the app as if it did not exist.
import type { Caller } from "../gateway/index.ts"
import { opensTools } from "../oauth/index.ts"
import type { Reader } from "../store/index.ts"
import type { Core } from "./core.ts"
import { groupNamed, groupsOf } from "./store.ts"
import type { Group } from "./types.ts"

type Deps = Pick<Core, "oauth">
type Who = Pick<Caller, "userId" | "consentId">

/** What consents call a group. */
export const pathOf = (name: string): string => `/v1/mcp/groups/${name}/mcp`

/** Keys, pages and apps of the house have no consent, and reach all of it. @param path of a group or a product */
export const reaches = (
  { oauth }: Deps,
  sql: Reader,
  { consentId }: Pick<Caller, "consentId">,
  path: string,
): boolean => consentId === null || opensTools(oauth.toolsOf(sql, consentId), path)

export const groupFor = (deps: Deps, sql: Reader, caller: Who, name: string): Group | null =>
  reaches(deps, sql, caller, pathOf(name)) ? groupNamed(sql, caller.userId, name) : null

export const groupsFor = (deps: Deps, sql: Reader, caller: Who): Group[] =>
  groupsOf(sql, caller.userId).filter(({ name }) => reaches(deps, sql, caller, pathOf(name)))
