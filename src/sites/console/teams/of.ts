// What the pages of teams share: who asks at which team, and how people are called there.
import type { TeamRef } from "../../../teams/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleDeps } from "../site.ts"

export type TeamDeps = Pick<
  ConsoleDeps,
  "web" | "store" | "clock" | "identity" | "plans" | "teams" | "ledger" | "limits" | "sentences"
>

export const refOf = (page: PageRequest, team: string): TeamRef => ({ userId: page.session.userId, team })

/** People of a team know each other's names and addresses. */
export const nameOf = ({ name, email }: { name: string | null; email: string }): string => name ?? email
