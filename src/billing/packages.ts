// What an admin decides about credits for sale: rows of the table, audited with before and after.
import { AppError, ensure, nameProblem, nano, tidyName } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { BILLING_LIMITS as L } from "./limits.ts"
import { isWholeCents } from "./money.ts"
import { allPackages, insertPackage, packageBySlug, savePackage } from "./store.ts"
import type { CreditPackage, EditPackage, NewPackage } from "./types.ts"

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
type Errors = Partial<Record<keyof NewPackage, string>>

/** What is wrong, by field. @param unread fields that nobody could read: wrong already */
export function packageErrors(terms: NewPackage, unread: readonly string[] = []): Errors {
  const { slug, name, priceNano, bonusNano, bonusDays } = terms
  const found: Errors = {
    ...(slug.length > L.slugCharsMax || !SLUG.test(slug)
      ? { slug: `Use small letters, digits and dashes, such as starter, at most ${L.slugCharsMax}.` }
      : {}),
    ...named(name),
    ...(priceNano < L.priceNanoMin || priceNano > L.priceNanoMax || !isWholeCents(priceNano)
      ? { priceNano: "Give a price from $1 to $10,000, in whole cents." }
      : {}),
    ...(bonusNano < 0 || bonusNano > priceNano
      ? { bonusNano: "Give at most as many credits again as are paid for." }
      : {}),
    ...(bonusDays !== null && !(Number.isInteger(bonusDays) && bonusDays >= 1 && bonusDays <= L.bonusDaysMax)
      ? { bonusDays: "Give 1 to 3,650 days, or leave it empty." }
      : {}),
  }
  const unreadable = (field: string) =>
    unread.includes(field) || (field === "bonusNano" && unread.includes("priceNano"))
  return Object.fromEntries(Object.entries(found).filter(([field]) => !unreadable(field)))
}

function named(name: string): Errors {
  const problem = nameProblem(tidyName(name), { of: "thing", charsMax: L.nameCharsMax })
  return problem ? { name: problem } : {}
}

/** @throws AppError validation_failed with a message per field */
function checked<T extends NewPackage>(terms: T): T {
  const formErrors = packageErrors(terms) as Record<string, string>
  const [first] = Object.values(formErrors)
  if (first) throw new AppError("validation_failed", first, { formErrors })
  return { ...terms, name: tidyName(terms.name) }
}

export function createPackageIn(tx: Tx, input: NewPackage): CreditPackage {
  const terms = checked(input)
  if (packageBySlug(tx, terms.slug)) {
    const words = "There is a package of this name. Choose another one."
    throw new AppError("validation_failed", words, { formErrors: { slug: words } })
  }
  const all = allPackages(tx)
  ensure(all.length < L.packagesMax, "conflict", "There are too many packages. Change one that is off.")
  const sortOrder = Math.max(0, ...all.map((one) => one.sortOrder)) + 1
  const row = {
    ...terms,
    bonusNano: nano(terms.bonusNano),
    active: true,
    sortOrder,
    createdMs: tx.now,
    updatedMs: tx.now,
  }
  const made = { id: insertPackage(tx, row), ...row }
  auditIn(tx, { action: "package.added", subject: `package:${made.slug}`, after: made })
  return made
}

export function editPackageIn(tx: Tx, { slug, seenMs, ...changes }: EditPackage): CreditPackage {
  const before = packageBySlug(tx, slug)
  ensure(before, "not_found", "There is no such package.")
  if (seenMs !== undefined && seenMs !== before.updatedMs)
    throw new AppError("conflict", "Somebody changed this package since you opened it. Look again before you save.")
  const after = { ...checked({ ...before, ...changes }), updatedMs: Math.max(tx.now, before.updatedMs + 1) }
  savePackage(tx, after)
  auditIn(tx, { action: "package.changed", subject: `package:${slug}`, before, after })
  return after
}
