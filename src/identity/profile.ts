// What people say of themselves beside their name: company, language and time zone. Apps get it with the scope `profile`, invoices name
// the company; pages go by the reader's browser all the same.
import { AppError, nameProblem, tidyName, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { houseNameIn } from "../brand/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { setProfile } from "./store/users.ts"
import type { User } from "./types.ts"
import { requireActiveIn, userIn } from "./users.ts"

/** As typed; empty = not said. */
export interface ProfileInput {
  company: string
  locale: string
  zoneinfo: string
}

/** Part of Identity. */
export interface ProfileVerbs {
  /** Empty = not said. @throws AppError validation_failed (formErrors company, locale, zoneinfo) */
  setProfile(ctx: WriteContext, input: { userId: UserId } & ProfileInput): Promise<User>
}

/** In its canonical form (`de-at` → `de-AT`); null = no language tag. */
function localeOf(text: string): string | null {
  try {
    const [locale] = Intl.getCanonicalLocales(text)
    return locale && locale.length <= L.localeCharsMax ? locale : null
  } catch {
    return null
  }
}

/** As the time zone database writes it; null = there is none of that name. */
export function zoneOf(text: string): string | null {
  try {
    const zone = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone
    // Offsets are no places: they know no summer time.
    return /^[A-Za-z]/.test(zone) && zone.length <= L.zoneCharsMax ? zone : null
  } catch {
    return null
  }
}

/** @see Identity.setProfile */
export function setProfileIn(tx: Tx, { userId, ...input }: { userId: number } & ProfileInput): User {
  const company = tidyName(input.company)
  const locale = localeOf(input.locale.trim())
  const zoneinfo = zoneOf(input.zoneinfo.trim())
  const user = requireActiveIn(tx, userId)
  const rule = { of: "person", charsMax: L.companyCharsMax, house: houseNameIn(tx), kept: user.company } as const
  const companyWords = company === "" ? null : nameProblem(company, rule)
  const formErrors = {
    ...(companyWords ? { company: companyWords } : {}),
    ...(input.locale.trim() && !locale ? { locale: "Give a language such as en, de-AT or pt-BR." } : {}),
    ...(input.zoneinfo.trim() && !zoneinfo ? { zoneinfo: "Give a time zone such as Europe/Vienna." } : {}),
  }
  if (Object.keys(formErrors).length > 0)
    throw new AppError("validation_failed", "Check the marked fields.", { formErrors })
  const profile = { company: company || null, locale, zoneinfo }
  if (user.company === profile.company && user.locale === locale && user.zoneinfo === zoneinfo) return user
  setProfile(tx, user.id, profile)
  // What it says is personal data, and the audit log outlives an erased account.
  auditIn(tx, { action: "user.profile_changed", subject: user.publicId })
  return userIn(tx, user.id)
}
