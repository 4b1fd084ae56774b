// What a person prefers: for everything, or for one app. The nearer one counts, whole.
import { AppError, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { OrmReader, Store, WriteContext } from "../../store/index.ts"
import { CAPABILITIES, NO_PREFERENCE, type Preference } from "./capabilities.ts"
import { preferenceOf, savePreference } from "./store.ts"

/** Providers in an order; more is no preference. */
const PROVIDERS_MAX = 20
export const EVERYWHERE = 0

/** What counts for a call. @param clientId null = no app */
export function preferenceFor(reader: OrmReader, userId: UserId, clientId: number | null): Preference {
  const own = clientId === null ? null : preferenceOf(reader, userId, clientId)
  return own ?? preferenceOf(reader, userId, EVERYWHERE) ?? NO_PREFERENCE
}

export interface PreferenceDeps {
  store: Store
  isServed: (model: string) => boolean
  /** Whether their plan lets this person name models (SPEC GW-4). */
  mayChoose: (userId: UserId) => boolean
}

/**
 * @param preference null = as everywhere, or as the house does it
 * @throws AppError validation_failed, plan_required for named models on a plan without them
 */
export function setPreference(
  deps: PreferenceDeps,
  ctx: WriteContext,
  { userId, userPublicId, clientId }: { userId: UserId; userPublicId: string; clientId: number },
  preference: Preference | null,
): Promise<void> {
  return deps.store.write(ctx, (tx) => {
    const before = preferenceOf(tx, userId, clientId)
    if (preference) refuseWrong(deps, preference, before)
    const named = Object.keys(preference?.choices ?? {}).length
    if (named > 0 && !deps.mayChoose(userId)) {
      throw new AppError(
        "plan_required",
        "Your plan does not let you name models. Take another plan, or leave them out.",
      )
    }
    savePreference(tx, userId, clientId, preference)
    auditIn(tx, { action: "models.preferred", subject: userPublicId, before: said(before), after: said(preference) })
  })
}

const said = (preference: Preference | null) =>
  preference && { tier: preference.costTier, providers: preference.providers.join(" "), ...preference.choices }

function refuseWrong(
  { isServed }: PreferenceDeps,
  { providers, choices }: Preference,
  before: Preference | null,
): void {
  const errors: Record<string, string> = {}
  if (providers.length > PROVIDERS_MAX) errors.providers = `Name at most ${PROVIDERS_MAX} providers.`
  if (providers.some((name) => !/^[a-z0-9._-]{1,40}$/i.test(name)))
    errors.providers = "One of these is no name of a provider."
  for (const capability of CAPABILITIES) {
    const model = choices[capability]
    // One that was there before stays, though its provider is gone for now.
    if (model === undefined || model === before?.choices[capability] || isServed(model)) continue
    errors[capability] = "No provider here serves this model. Choose one of the list."
  }
  const [first] = Object.entries(errors)
  if (first) throw new AppError("validation_failed", first[1], { param: first[0], formErrors: errors })
}
