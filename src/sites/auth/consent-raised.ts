// A limit that is raised on the consent page above what the person gave before, or tools that are opened beside those: like under /apps, whoever finds a browser open may lower
// what an app spends, not raise it. The first permission raises nothing; it is what the page is for.
import { AppError, type Nano } from "../../app/index.ts"
import type { AuthSession } from "../../identity/index.ts"
import { type AiScope, isWider, type ToolPaths } from "../../oauth/index.ts"
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
    limits: Readonly<Record<string, Nano>>
    /** Undefined: as before. */
    tools: ToolPaths | undefined
  },
): string | null {
  // Who is signed out is sent to sign in, which is a proof.
  if (!session || deps.identity.isFresh(session)) return null
  const before = deps.oauth.consentsOf(session.userId).find(({ client }) => client.publicId === given.clientPublicId)
  if (!before) return null
  const isRaised = Object.entries(given.limits).some(([scope, limit]) => limit > (before.limits[scope as AiScope] ?? 0))
  const standing = before.scopes.includes("mcp") ? before.tools : []
  // Not said is all, the first time.
  const silent = before.scopes.includes("mcp") ? standing : null
  const opensMore = isWider(standing, given.tools === undefined ? silent : given.tools)
  if (!isRaised && !opensMore) return null
  const asked = { interaction: given.interaction, person: session.userId }
  const confirm = confirmThen(deps, request, asked, "/authorize/consent")
  if (confirm !== null) return confirm
  const words = `${isRaised ? "A higher limit" : "More tools"} needs a fresh proof that it is you. Open ${CONFIRM_PATH} in this browser, then approve once more.`
  throw new AppError("validation_failed", words, { formErrors: { form: words } })
}
