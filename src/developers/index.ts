// The door of `developer`: who accepted the agreement, and the operator's terms of earning. Clients are made by oauth's verbs, after requireDeveloperIn.
import { AppError, invariant, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { houseNameIn } from "../brand/index.ts"
import type { Reader, Tx, WriteContext } from "../store/index.ts"
import { changeCompanyIn } from "./company.ts"
import { earningTerms, setEarningTermsIn } from "./earning-terms.ts"
import { companyOf, promoCapOf } from "./rules.ts"
import { EARNING_TERMS } from "./settings.ts"
import { developerRow, saveAcceptance } from "./store.ts"
import type { AcceptAgreement, Developer, DeveloperDeps, EarningTerms } from "./types.ts"

export { type AppHostProof, type AppHosts, createAppHosts, type VerifiedApp } from "./app-hosts/index.ts"
export {
  APP_KEY_LIMITS,
  APP_KEY_SCOPES,
  type AppCaller,
  type AppKey,
  type AppKeyScope,
  type AppKeys,
  createAppKeys,
  isAppSecret,
} from "./app-keys/index.ts"
export {
  APP_REVIEW_LIMITS,
  type AppDecision,
  type AppReviewShown,
  type AppReviews,
  createAppReviews,
} from "./app-reviews/index.ts"
export { type AppTransfer, type AppTransfers, createAppTransfers } from "./app-transfers/index.ts"
export { appUser } from "./app-users/store.ts"
export type { AppUser, AppUsersQuery } from "./app-users/types.ts"
export { developersPart } from "./part.ts"
export { EARNING_TERMS } from "./settings.ts"
export { eraseDeveloper } from "./store-personal.ts"
export type * from "./types.ts"

export type Developers = ReturnType<typeof createDevelopers>

export function createDevelopers({ store, settings, identity, legal }: DeveloperDeps) {
  const developerOf = (reader: Reader, userId: UserId) => developerFrom({ store, legal }, reader, userId)

  function acceptAgreementIn(tx: Tx, input: AcceptAgreement): Developer {
    const user = identity.requireActiveIn(tx, input.userId)
    if (input.version !== legal.current("developer-agreement", tx).version) {
      const words = "The agreement has changed. Read the new version and accept it."
      throw new AppError("validation_failed", words, { formErrors: { agreement: words } })
    }
    const before = developerOf(tx, input.userId)
    const kept = before?.company ?? null
    const company = input.company === undefined ? kept : companyOf(input.company, { house: houseNameIn(tx), kept })
    const isNew = saveAcceptance(tx, { userId: input.userId, version: input.version, company })
    const after = developerOf(tx, input.userId)
    invariant(after, "a developer just saved is there")
    if (isNew) auditIn(tx, { action: "developer.accepted", subject: user.publicId, before, after })
    return after
  }

  return {
    /** The one that holds now, which `acceptAgreement` takes. */
    get agreementVersion(): string {
      return legal.current("developer-agreement").version
    },
    /** Null = not a developer yet. */
    developerOf: (userId: UserId) => developerOf(store.read, userId),
    /** Idempotent per version; a company left out is kept. @throws AppError validation_failed, account_suspended */
    acceptAgreementIn,
    acceptAgreement: (ctx: WriteContext, input: AcceptAgreement) =>
      store.write(ctx, (tx) => acceptAgreementIn(tx, input)),
    /** What people read as the maker of their apps; empty: their name. @throws AppError validation_failed, forbidden, account_suspended */
    setCompany: (ctx: WriteContext, input: { userId: UserId; company: string }) =>
      store.write(ctx, (tx) => {
        const { publicId } = identity.requireActiveIn(tx, input.userId)
        changeCompanyIn(tx, developerOf(tx, input.userId), { publicId, company: input.company })
      }),
    /** @throws AppError forbidden when the current agreement is not accepted, account_suspended */
    requireDeveloperIn(tx: Tx, userId: UserId): Developer {
      identity.requireActiveIn(tx, userId)
      const developer = developerOf(tx, userId)
      if (developer?.agreementCurrent) return developer
      throw new AppError("forbidden", "Accept the developer agreement first.")
    },

    earningTerms: () => earningTerms(settings),
    earningTermsIn: (tx: Tx) => earningTerms(settings, tx),
    /** Audited; what is left out stays. @throws AppError validation_failed with formErrors */
    setEarningTermsIn: (tx: Tx, changes: Partial<EarningTerms>) => setEarningTermsIn(settings, tx, changes),
    setEarningTerms: (ctx: WriteContext, changes: Partial<EarningTerms>) =>
      store.write(ctx, (tx) => setEarningTermsIn(settings, tx, changes)),
    /** n$ that free credits may earn one developer today, rounded down; null when the free budget has no bound. */
    promoCapIn: (tx: Tx, freeBudgetNano: number | null) =>
      promoCapOf(freeBudgetNano, settings.get(EARNING_TERMS.promoCapBp, tx)),
  }
}

function developerFrom(
  { store, legal }: Pick<DeveloperDeps, "store" | "legal">,
  reader: Reader,
  userId: UserId,
): Developer | null {
  const row = developerRow(reader, userId)
  return (
    row && {
      userId: row.userId,
      company: row.company,
      agreementVersion: row.version,
      acceptedMs: row.acceptedMs,
      agreementCurrent: legal.countsForDevelopers(row.version, reader === store.read ? undefined : reader),
    }
  )
}
