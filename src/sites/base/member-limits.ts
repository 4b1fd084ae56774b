// What a member of a team may spend of its wallet: who may say so is the team's to decide, how much is counted is the limits'. One body for the
// console and the API.
import { ensure } from "../../app/index.ts"
import type { Limits, MemberLimitsInput, MemberUse } from "../../limits/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { Member, MemberRef, Teams } from "../../teams/index.ts"
import type { PageRequest } from "./request.ts"

export interface MemberLimitDeps {
  teams: Pick<Teams, "limitableIn">
  limits: Pick<Limits, "setMemberLimitsIn" | "memberUse">
}

/** @throws AppError not_found, forbidden (their role), validation_failed with formErrors by kind */
export function limitMemberIn(
  { teams, limits }: MemberLimitDeps,
  tx: Tx,
  input: MemberRef & { limits: MemberLimitsInput },
): void {
  const { team, userId, person } = teams.limitableIn(tx, input)
  limits.setMemberLimitsIn(tx, {
    teamId: team.id,
    userId,
    teamPublicId: team.publicId,
    person,
    limits: input.limits,
  })
}

/** Of the present UTC day and month, n$; calls under way count with what they hold. */
export function memberSpend({ limits }: Pick<MemberLimitDeps, "limits">, { teamId, userId }: Member) {
  const uses = limits.memberUse({ teamId, userId })
  const of = (kind: MemberUse["kind"]) => {
    const { used, held, amount, endMs } = uses.find((one) => one.kind === kind)!
    return { used: used + held, limit: amount, endMs }
  }
  return { day: of("spend_day"), month: of("spend_month") }
}

type Unlimited = { limits: Pick<Limits, "isMemberLimitedIn"> }

/** For what a team pays and nobody's limit counts: whoever it limits would go past theirs by it. @throws AppError forbidden */
export function requireUnlimitedIn(
  { limits }: Unlimited,
  tx: Tx,
  { isTeam, holder, session }: PageRequest,
  what: string,
): void {
  const isLimited = isTeam && limits.isMemberLimitedIn(tx, { teamId: holder.id, userId: session.userId })
  ensure(!isLimited, "forbidden", `This team limits what you spend. Somebody whom it does not limit ${what}.`)
}

/** The same asked in the body of a verb that opens its own. */
export function contextOfUnlimited(deps: Unlimited, page: PageRequest, reason: string, what: string): WriteContext {
  const ctx = page.ctx(reason)
  return {
    ...ctx,
    admit(tx) {
      ctx.admit?.(tx)
      requireUnlimitedIn(deps, tx, page, what)
    },
  }
}
