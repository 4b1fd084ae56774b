// A limit that is raised on the consent page above what the person gave before, or tools that are opened beside those: like under /apps, whoever finds a browser open may lower
// what an app spends, not raise it. The first permission raises nothing; it is what the page is for. What opens the account itself is as much as a
// key that manages, and is given as that is made: by whoever proved a moment ago that it is them.
import { AppError, type Nano } from "../../app/index.ts"
import type { AuthSession } from "../../identity/index.ts"
import { type AiScope, type ConsentWithClient, isAccountScope, isWider, type ToolPaths } from "../../oauth/index.ts"
import { CONFIRM_PATH } from "../base/index.ts"
import { confirmThen } from "./login.ts"
import type { AuthDeps } from "./site.ts"

/**
 * @param session of whom the page was shown to
 * @returns where they prove first that it is them; null: nothing is raised, or they did a moment ago
 * @throws AppError validation_failed
 */
export function confirmRaised(
  deps: AuthDeps,
  request: Request,
  session: AuthSession | undefined,
  given: {
    clientPublicId: string
    interaction: string
    scopes: readonly string[]
    limits: Readonly<Record<string, Nano>>
    /** Undefined: as before. */
    tools: ToolPaths | undefined
    /** Of a team by its public id; null: their own; undefined: as before. */
    payer: string | null | undefined
  },
): string | null {
  // Who is signed out is sent to sign in, which is a proof.
  if (!session || deps.identity.isFresh(session)) return null
  const before = deps.oauth.consentsOf(session.userId).find(({ client }) => client.publicId === given.clientPublicId)
  const held: readonly string[] = before?.scopes ?? []
  const opensAccount = given.scopes.some((scope) => isAccountScope(scope) && !held.includes(scope))
  const isRaised = before !== undefined && raises(before, given.limits)
  const isPaidElse = before !== undefined && given.payer !== undefined && given.payer !== payerBefore(deps, before)
  if (!opensAccount && !isRaised && !isPaidElse && !(before && opensMore(before, given.tools))) return null
  const asked = { interaction: given.interaction, person: session.userId }
  const confirm = confirmThen(deps, request, asked, "/authorize/consent")
  if (confirm !== null) return confirm
  const what = opensAccount
    ? "Opening your account to an app"
    : isRaised
      ? "A higher limit"
      : isPaidElse
        ? "Spending other credits"
        : "More tools"
  const words = `${what} needs a fresh proof that it is you. Open ${CONFIRM_PATH} in this browser, then approve once more.`
  throw new AppError("validation_failed", words, { formErrors: { form: words } })
}

const payerBefore = ({ teams }: AuthDeps, { userId, payerId }: ConsentWithClient): string | null =>
  teams.spendableOf(userId).find(({ id }) => id === payerId)?.publicId ?? null

const raises = (before: ConsentWithClient, limits: Readonly<Record<string, Nano>>): boolean =>
  Object.entries(limits).some(([scope, limit]) => limit > (before.limits[scope as AiScope] ?? 0))

function opensMore(before: ConsentWithClient, tools: ToolPaths | undefined): boolean {
  const standing = before.scopes.includes("mcp") ? before.tools : []
  // Not said is all, the first time.
  const silent = before.scopes.includes("mcp") ? standing : null
  return isWider(standing, tools === undefined ? silent : tools)
}
