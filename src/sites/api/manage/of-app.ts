// Whom an app's server may charge, in the words of metering: somebody who lets the app in, in the app's mode, from the
// wallet that they chose for it.
import { type ErrorCode, ensure } from "../../../app/index.ts"
import type { AppKeyScope, AppKeys } from "../../../developers/index.ts"
import { samePayer } from "../../../gateway/index.ts"
import type { Identity } from "../../../identity/index.ts"
import { principal } from "../../../ledger/index.ts"
import type { Reporter } from "../../../metering/index.ts"
import type { Oauth } from "../../../oauth/index.ts"
import type { AskedByApp } from "./route.ts"

export interface OfAppDeps {
  identity: Pick<Identity, "userByPublicId">
  oauth: Pick<Oauth, "permissionOf" | "requireAwayIn">
  appKeys: Pick<AppKeys, "requireIn">
}

/** Beside those of every charge. */
export const OF_CHARGED_BY_APP = [
  "app_daily_limit_exceeded",
  "client_suspended",
] as const satisfies readonly ErrorCode[]

/** @throws AppError not_found, of nobody and of whoever did not let the app in alike */
export function reporterOfApp(
  { identity, oauth, appKeys }: OfAppDeps,
  { app, body, once, context }: AskedByApp<{ user?: string }>,
  scope: AppKeyScope,
): Reporter & { app: NonNullable<Reporter["app"]> } {
  const { client } = app
  const user = body.user === undefined ? null : identity.userByPublicId(body.user)
  const words = "There is nobody with this id who lets your app in."
  ensure(user, "not_found", words, { param: "user" })
  const of = { clientId: client.id, userId: user.id }
  const { id: consentId, payerId } = oauth.permissionOf(of)
  const payer = principal(payerId ?? user.id)
  return {
    requestId: context.requestId,
    startMs: context.startMs,
    user: { id: user.id, publicId: user.publicId },
    payer,
    keyId: null,
    app: { id: client.id, publicId: client.publicId, consentId },
    mode: client.mode,
    actor: `app:${client.publicId}`,
    requireIn(tx, kind) {
      appKeys.requireIn(tx, app, scope)
      return samePayer(oauth.requireAwayIn(tx, { ...of, scope: kind }), payer)
    },
    once: once!,
  }
}
