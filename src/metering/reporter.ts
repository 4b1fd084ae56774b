// Whoever reports, as the gateway knows callers: the person who is charged, and an app where one says so. Nobody earns a share: what is charged
// here is the house's, and an app that could pay itself out of wallets would be asked to.
import type { Caller } from "../gateway/index.ts"
import type { AiScope } from "../oauth/index.ts"
import type { Tx } from "../store/index.ts"
import type { MeteringDeps, Reporter } from "./types.ts"

interface Reported {
  scope: AiScope
  /** What else has to be as it was, inside the body that charges. @throws AppError */
  checkIn?(tx: Tx): void
}

/** @param what null: nobody knows yet what is to be charged */
export function reportedBy({ identity }: MeteringDeps, reporter: Reporter, what: Reported | null): Caller {
  const { user, payer, actor, keyId, mode, app } = reporter
  return {
    kind: app ? "app" : "session",
    userId: user.id,
    userPublicId: user.publicId,
    payer,
    clientId: app?.id ?? null,
    clientPublicId: app?.publicId ?? null,
    keyId,
    consentId: app?.consentId ?? null,
    developer: null,
    mode,
    scopes: new Set(what ? [what.scope] : []),
    actor,
    requireIn(tx) {
      const standing = what ? reporter.requireIn(tx, what.scope) : null
      what?.checkIn?.(tx)
      const { emailVerified } = identity.requireActiveIn(tx, user.id)
      return standing ?? { dailyLimitNano: null, emailVerified }
    },
  }
}
