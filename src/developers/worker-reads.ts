// What the read Worker does for developers. The Worker loads this file, so it knows no running domain.

import type { ClientId } from "../app/index.ts"
import type { HeavyReads } from "../store/index.ts"
import { appUsers, countAppUsers } from "./app-users/store.ts"
import type { AppUsersQuery } from "./app-users/types.ts"

export const DEVELOPER_READS: HeavyReads = {
  "developers.app-users": (reader, input) => reader.snapshot(() => appUsers(reader, input as AppUsersQuery)),
  "developers.count-app-users": (reader, input) => countAppUsers(reader, input as readonly ClientId[]),
}
