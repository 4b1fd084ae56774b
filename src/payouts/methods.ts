// Where money goes: set, changed, proved, taken off. A change ends what was there, waits before it is used, and tells its person by mail:
// whoever took over an account cannot take the money before its owner has read that.
import { createHash, randomInt } from "node:crypto"
import { AppError, constantTimeEqual, DAY_MS, ensure, MINUTE_MS, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { normaliseEmail } from "../identity/index.ts"
import type { Tx } from "../store/index.ts"
import { readAccount, readBic, readIban, readRouting } from "./banks.ts"
import type { PayoutsDeps } from "./deps.ts"
import { isNameOfBanks } from "./formats/latin.ts"
import { PAYOUT_LIMITS as L } from "./limits.ts"
import { payoutMethodChanged, payoutMethodCode } from "./mails.ts"
import { ratesOf } from "./money.ts"
import { sealDestinationIn } from "./sealed.ts"
import { COOLING_DAYS, RATES } from "./settings.ts"
import { endMethod, insertMethod, methodOf, methodsSince } from "./store.ts"
import { confirmMethod, countMethodTry } from "./store-methods.ts"
import type { Destination, MethodKind } from "./types.ts"
import { lastFour, maskedEmail, methodName } from "./words.ts"

export interface SetMethod {
  userId: UserId
  /** As it was typed. */
  typed:
    | { kind: "iban"; holder: string; iban: string; bic: string; currency: string }
    | { kind: "us_bank"; holder: string; routing: string; account: string; use: "checking" | "savings" }
    | { kind: "paypal"; email: string; currency: string }
}

interface Read {
  to: Destination
  currency: string
  country: string | null
  hint: string
}

export interface MethodSet {
  /** Null: it is proved; else the address that a code was mailed to. */
  codeTo: string | null
  usableMs: number
}

/** @throws AppError validation_failed (formErrors by field), rate_limit_exceeded, forbidden, account_suspended */
export function setMethodIn(deps: PayoutsDeps, tx: Tx, { userId, typed }: SetMethod): MethodSet {
  deps.developers.requireDeveloperIn(tx, userId)
  const user = deps.identity.requireActiveIn(tx, userId)
  const read = readMethod(deps, tx, typed)
  if (methodsSince(tx, userId, tx.now - DAY_MS) >= L.methodsPerDay)
    throw new AppError("rate_limit_exceeded", "You changed this often today. Try again tomorrow.")
  const before = methodOf(tx, userId)
  if (before) endMethod(tx, before.id)
  const isProved = read.to.kind !== "paypal" || (read.to.email === user.email && user.emailVerified)
  const code = isProved ? null : String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, "0")
  const publicId = deps.ids.next("pym")
  const usableMs = tx.now + deps.settings.get(COOLING_DAYS, tx) * DAY_MS
  insertMethod(tx, {
    publicId,
    ownerId: userId,
    kind: read.to.kind,
    currency: read.currency,
    country: read.country,
    hint: read.hint,
    sealed: sealDestinationIn(tx, deps.keyring, publicId, read.to),
    createdMs: tx.now,
    usableMs,
    confirmedMs: isProved ? tx.now : null,
    codeHash: code === null ? null : codeHash(deps, publicId, code),
    codeUntilMs: code === null ? null : tx.now + L.codeMinutes * MINUTE_MS,
  })
  const shown = { kind: read.to.kind, hint: read.hint }
  auditIn(tx, {
    action: "payout_method.set",
    subject: user.publicId,
    before: before && { kind: before.kind, hint: before.hint },
    after: { ...shown, currency: read.currency },
  })
  const data = { method: methodName(shown), usableMs, isChange: before !== null }
  deps.mails.queueIn(tx, payoutMethodChanged, { to: user.email, data, uselessAfterMs: null })
  if (code !== null && read.to.kind === "paypal")
    deps.mails.queueIn(tx, payoutMethodCode, {
      to: read.to.email,
      data: { code },
      uselessAfterMs: tx.now + L.codeMinutes * MINUTE_MS,
    })
  return { codeTo: code === null ? null : read.hint, usableMs }
}

const CODE_DIGITS = 6
/** Without the server's key a leaked row cannot be searched. */
const codeHash = ({ keyring }: PayoutsDeps, publicId: string, code: string): string =>
  createHash("sha256")
    .update(keyring.hmac("payout-code", JSON.stringify([publicId, code])))
    .digest("hex")

/** What was typed, read; all that is wrong at once. @throws AppError validation_failed */
function readMethod(deps: PayoutsDeps, tx: Tx, typed: SetMethod["typed"]): Read {
  const errors: Record<string, string> = {}
  const take = <T extends object>(field: string, read: T | { problem: string }): T | null => {
    if (!("problem" in read)) return read
    errors[field] = read.problem
    return null
  }
  const read = READERS[typed.kind](typed as never, take)
  const currency = typed.kind === "us_bank" ? "USD" : typed.currency
  if (!ratesOf(deps.settings.get(RATES, tx)).has(currency)) errors.currency = "Choose one of the list."
  if (read === null || Object.keys(errors).length > 0)
    throw new AppError("validation_failed", "Look at the marked fields again.", { formErrors: errors })
  return { ...read, currency }
}

type Take = <T extends object>(field: string, read: T | { problem: string }) => T | null
type Typed<Kind extends MethodKind> = Extract<SetMethod["typed"], { kind: Kind }>
type Found = Omit<Read, "currency"> | null

const READERS: { [Kind in SetMethod["typed"]["kind"]]: (typed: Typed<Kind>, take: Take) => Found } = {
  iban(typed, take) {
    const holder = take("holder", readHolder(typed.holder))
    const iban = take("iban", readIban(typed.iban))
    const bic = take("bic", readBic(typed.bic, iban?.country ?? null))
    if (!holder || !iban || !bic) return null
    const to = { kind: "iban", ...holder, iban: iban.iban, ...bic } as const
    return { to, country: iban.country, hint: lastFour(iban.iban) }
  },
  us_bank(typed, take) {
    const holder = take("holder", readHolder(typed.holder))
    const routing = take("routing", readRouting(typed.routing))
    const account = take("account", readAccount(typed.account))
    if (!holder || !routing || !account) return null
    const to = { kind: "us_bank", ...holder, ...routing, ...account, use: typed.use } as const
    return { to, country: "US", hint: lastFour(account.account) }
  },
  paypal(typed, take) {
    const email = normaliseEmail(typed.email)
    const read = take(
      "email",
      email === null ? { problem: "Enter the full address of your PayPal account." } : { email },
    )
    return read && { to: { kind: "paypal", ...read }, country: null, hint: maskedEmail(read.email) }
  },
}

/** Whoever an account belongs to may have any name; banks print Latin letters, digits and a few signs of it. */
function readHolder(text: string): { holder: string } | { problem: string } {
  const holder = text.normalize("NFC").replaceAll(/\s+/g, " ").trim()
  if (holder === "") return { problem: "Enter the name that the account is in." }
  if (holder.length > L.holderChars) return { problem: `Keep the name within ${L.holderChars} characters.` }
  if (!/\p{L}/u.test(holder) || /[\p{C}<>]/u.test(holder)) return { problem: "Enter the name as your bank writes it." }
  // A payment to nobody's name comes back, or is not sent at all.
  return isNameOfBanks(holder) ? { holder } : { problem: "Write the name in Latin letters, as on your bank card." }
}

/** The code that was mailed to an address. A wrong try is counted, and answered false. @throws AppError not_found */
export function confirmMethodIn(
  deps: PayoutsDeps,
  tx: Tx,
  { userId, code }: { userId: UserId; code: string },
): boolean {
  const user = deps.identity.requireActiveIn(tx, userId)
  const method = methodOf(tx, userId)
  ensure(method && method.confirmedMs === null, "not_found", "There is nothing to prove.")
  const isOpen = method.codeHash !== null && method.codeTries < L.codeTries && tx.now < (method.codeUntilMs ?? 0)
  if (!isOpen || !constantTimeEqual(method.codeHash!, codeHash(deps, method.publicId, code))) {
    countMethodTry(tx, method.id)
    return false
  }
  confirmMethod(tx, method.id)
  auditIn(tx, { action: "payout_method.confirmed", subject: user.publicId })
  return true
}

/** Nothing is sent there any more, but what was approved. Twice is once. */
export function removeMethodIn(deps: PayoutsDeps, tx: Tx, userId: UserId): void {
  const user = deps.identity.requireActiveIn(tx, userId)
  const method = methodOf(tx, userId)
  if (!method) return
  endMethod(tx, method.id)
  auditIn(tx, {
    action: "payout_method.removed",
    subject: user.publicId,
    before: { kind: method.kind, hint: method.hint },
  })
}
