// The caller as /v1 tells it: fields by scope, balance, what is left of this app's limits today. Never charged.

import { AppError, amountJson, type Nano, nano, nextDayMs } from "../../app/index.ts"
import type { AiScope } from "../../oauth/index.ts"
import { authenticate } from "../admit.ts"
import type { Caller } from "../types.ts"
import type { ReadDeps } from "./models.ts"
import type { MeJson } from "./schemas.ts"

/** GET /v1/me: fields by scope, balance, what is left of this app's limits today. */
export async function me(deps: ReadDeps, request: Request): Promise<MeJson> {
  const caller = await authenticate(deps, request)
  const { mode, scopes } = caller
  // A key that manages the account is its person's own hand.
  const has = (scope: string) => scopes.has(scope) || (caller.kind === "key" && scopes.has("manage"))
  const user = deps.identity.userById(caller.userId)
  if (!user) throw new AppError("token_invalid", "This account is gone.")
  const wallet = deps.ledger.wallet(caller.payer, mode)
  return {
    object: "user",
    id: user.publicId,
    ...(has("profile") ? { name: user.name } : {}),
    ...(has("email") ? { email: user.email, email_verified: user.emailVerified } : {}),
    mode,
    balance: amountJson(wallet.spendableNano),
    held: amountJson(wallet.heldNano),
    scopes: [...scopes],
    limits: limitsOf(deps, caller),
    ...sponsoredFor(deps, caller),
  }
}

function limitsOf(deps: ReadDeps, { userId, clientId, consentId, payer }: Caller) {
  const consent = consentId === null ? null : deps.oauth.consentsOf(userId).find(({ id }) => id === consentId)
  if (!consent || clientId === null) return {}
  const resetsAt = new Date(nextDayMs(deps.clock.now())).toISOString()
  return Object.fromEntries(
    (Object.entries(consent.limits) as [AiScope, Nano][]).map(([scope, daily]) => {
      const { usedNano, heldNano } = deps.ledger.usedToday(payer, clientId, scope, userId)
      const remaining = nano(Math.max(0, daily - usedNano - heldNano))
      return [
        scope,
        { daily: amountJson(daily), used: amountJson(usedNano), remaining: amountJson(remaining), resets_at: resetsAt },
      ]
    }),
  )
}

/** What the app pays for them; nothing where it does not. */
function sponsoredFor({ sponsors }: ReadDeps, { kind, clientId, userId }: Caller): Pick<MeJson, "sponsored"> {
  const offer = kind === "app" && clientId !== null ? sponsors?.offerFor(clientId, userId) : null
  return offer ? { sponsored: { first: amountJson(offer.capNano), remaining: amountJson(offer.leftNano) } } : {}
}
