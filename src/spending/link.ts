// Links that limit an app, as the letter about a month has them: signed, for one person, one app and one figure, until a moment. Opening one
// changes nothing (programs that look into mails open links); the form behind it lowers limits, and never raises one. So it needs no sign-in: whoever
// got hold of it can make an app of somebody spend less, and nothing else.
import { constantTimeEqual, credits, ensure, type Keyring, type Nano } from "../app/index.ts"
import type { AiScope, ConsentWithClient } from "../oauth/index.ts"
import type { WriteContext } from "../store/index.ts"
import type { LimitLink, LimitOffer, SpendingDeps } from "./types.ts"
import { plainName } from "./words.ts"

const PURPOSE = "letter-limit"
export const LIMIT_PATH = "/letter/limit"

const said = ({ user, app, most, untilMs }: LimitLink): string => `${user}:${app}:${most}:${untilMs}`

export function limitUrl({ keyring, siteUrl }: { keyring: Keyring; siteUrl: string }, link: LimitLink): string {
  const { user: who, app, most, untilMs } = link
  const sign = keyring.hmac(PURPOSE, said(link))
  const query = new URLSearchParams({ who, app, most: String(most), until: String(untilMs), sign })
  return `${siteUrl}${LIMIT_PATH}?${query}`
}

/** @returns null when it was not made here */
function readLimit(keyring: Keyring, params: URLSearchParams): LimitLink | null {
  const whole = (name: string) => (/^\d{1,15}$/.test(params.get(name) ?? "") ? Number(params.get(name)) : 0)
  const link = {
    user: params.get("who") ?? "",
    app: params.get("app") ?? "",
    most: whole("most"),
    untilMs: whole("until"),
  }
  const sign = params.get("sign") ?? ""
  const isOurs = keyring.hmacs(PURPOSE, said(link)).some((right) => constantTimeEqual(right, sign))
  return isOurs ? link : null
}

type Deps = Pick<SpendingDeps, "store" | "clock" | "keyring" | "identity" | "oauth">

/** Null: it was not made here, it is over, or the app has no access any more. */
export function offeredBy(deps: Deps, params: URLSearchParams): LimitOffer | null {
  const found = foundBy(deps, params)
  if (found === null) return null
  const { consent, link } = found
  return {
    appName: plainName(consent.client.name, "This app"),
    most: link.most,
    kinds: Object.keys(consent.limits).length,
    isSet: above(consent, link).length === 0,
  }
}

/** Lowers what is above it, and nothing else. Twice is once. @throws AppError not_found */
export async function setByLink(deps: Deps, ctx: WriteContext, params: URLSearchParams): Promise<LimitOffer> {
  const found = foundBy(deps, params)
  ensure(found, "not_found", "This link limits nothing. Your apps and their limits are listed under Apps.")
  const { consent, link, userId } = found
  const lower = above(consent, link)
  if (lower.length > 0)
    await deps.store.write(ctx, (tx) =>
      deps.oauth.updateLimitsIn(tx, {
        userId,
        consentPublicId: consent.publicId,
        limits: Object.fromEntries(lower.map((scope) => [scope, credits(link.most)])),
      }),
    )
  return offeredBy(deps, params)!
}

function foundBy({ keyring, clock, identity, oauth }: Deps, params: URLSearchParams) {
  const link = readLimit(keyring, params)
  if (link === null || link.untilMs <= clock.now()) return null
  const person = identity.userByPublicId(link.user)
  if (!person || identity.isSuspended(person.id)) return null
  const consent = oauth.consentsOf(person.id).find(({ client }) => client.publicId === link.app)
  return consent && Object.keys(consent.limits).length > 0 ? { link, consent, userId: person.id } : null
}

const above = ({ limits }: Pick<ConsentWithClient, "limits">, { most }: LimitLink): AiScope[] =>
  (Object.entries(limits) as [AiScope, Nano][]).filter(([, limit]) => limit > credits(most)).map(([scope]) => scope)
