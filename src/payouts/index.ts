// The door of payouts: where developers' and publishers' money goes, how it is asked for, and how an operator sends it. What moves money
// is the ledger's alone: each act here calls its verb in the same write.
import { dayOf, type Nano, nano, type UserId } from "../app/index.ts"
import { sellerOf } from "../billing/index.ts"
import type { Earnings } from "../ledger/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { holdOver, ownerOf, refusalOf, requestIn, TEST_TERMS, testPayoutIn, withdrawIn } from "./ask.ts"
import { approveIn, failIn, handedOverIn, holdIn, passHoldsIn, payIn, rejectIn, releaseIn } from "./decide.ts"
import type { PayoutsDeps } from "./deps.ts"
import { documentVerbs } from "./documents/verbs.ts"
import { debtorProblem, makeFileIn, payFileIn, textOf, withdrawFileIn } from "./files.ts"
import { PAYOUT_LIMITS } from "./limits.ts"
import { confirmMethodIn, removeMethodIn, setMethodIn } from "./methods.ts"
import { ratesOf, wholeCents } from "./money.ts"
import { askMonthly, turnMonthlyIn } from "./schedule.ts"
import { RATES } from "./settings.ts"
import { monthsSince, paperOf, statementIn } from "./statement.ts"
import * as rows from "./store.ts"
import { countFor, fileByPublicId, files, rowsOfFile } from "./store-files.ts"
import { scheduleOf } from "./store-schedules.ts"
import { stripeVerbs } from "./stripe/index.ts"
import { taxNumberName, taxVerbs } from "./tax/index.ts"
import { taxNumberOf } from "./tax/store.ts"
import type { FileFormat, Method, OrderShown, OrderState } from "./types.ts"

export { TEST_TERMS } from "./ask.ts"
export type { OpenedDocument } from "./documents/index.ts"
export { DOCUMENT_KINDS, MEDIA_TYPES } from "./documents/index.ts"
export type * from "./documents/types.ts"
export { PAYOUT_LIMITS } from "./limits.ts"
export type { SetMethod as SetMethodInput } from "./methods.ts"
export { minorText, NANO_PER_CENT, rateText } from "./money.ts"
export { payoutsPart } from "./part.ts"
export {
  COOLING_DAYS,
  DEBTOR_IBAN,
  DEBTOR_NAME,
  MONTHLY_DAY,
  PAYOUT_SETTINGS,
  PROOF_ABOVE,
  RATES,
  STRIPE_CONNECT,
  TAX_YEARS,
} from "./settings.ts"
export { type PeriodStatement, periodText, STATEMENT_WORDS } from "./statement.ts"
export type { FileSum } from "./store-files.ts"
export { erasePayouts } from "./store-personal.ts"
export { TAX_KINDS, type TaxKind, type TaxNumber, taxNumberName } from "./tax/index.ts"
export type * from "./types.ts"
export { methodName } from "./words.ts"

export type Payouts = ReturnType<typeof createPayouts>

/** `(deps, tx, …)` → `(tx, …)`. */
const bound =
  (deps: PayoutsDeps) =>
  <Args extends unknown[], Result>(verb: (deps: PayoutsDeps, tx: Tx, ...args: Args) => Result) =>
  (tx: Tx, ...args: Args): Result =>
    verb(deps, tx, ...args)

export function createPayouts(deps: PayoutsDeps) {
  const { store, clock, settings } = deps
  const of = bound(deps)
  return {
    // ---- their person's
    /** Ends what stood there; the new one waits before it is used. */
    setMethodIn: of(setMethodIn),
    confirmMethodIn: of(confirmMethodIn),
    removeMethodIn: of(removeMethodIn),
    /** payable → on its way. */
    requestIn: of(requestIn),
    withdrawIn: of(withdrawIn),
    testPayoutIn: of(testPayoutIn),
    /** A payout is asked for on the operator's day of each month, or not any more. */
    turnMonthlyIn: of(turnMonthlyIn),
    /** The job. @returns whether there is more to do */
    askMonthly: (max: number) => askMonthly(deps, max),

    // ---- an operator's
    approveIn: of(approveIn),
    rejectIn: of(rejectIn),
    payIn: of(payIn),
    failIn: of(failIn),
    holdIn: of(holdIn),
    releaseIn: of(releaseIn),
    /** A team has another owner. */
    handedOverIn: of(handedOverIn),
    passHoldsIn: of(passHoldsIn),
    makeFileIn: of(makeFileIn),
    withdrawFileIn,
    payFileIn: of(payFileIn),

    ...documentVerbs(deps),
    ...taxVerbs(deps),
    ...stripeVerbs(deps),
    ...readsOf(deps),
    /** A statement as a PDF; equal statements are equal bytes. @throws AppError not_found */
    statementPdf: (userId: UserId, period: string) => deps.billing.invoices.pdf(printed(deps, userId, period)),
    /** As it is sent. @throws AppError not_found, conflict */
    fileText: (publicId: string) => textOf(deps, publicId),
    /** Currencies that a person may choose. */
    currencies: (): string[] => [...ratesOf(settings.get(RATES)).keys()],
    rates: () => ratesOf(settings.get(RATES)),
    debtorProblem: () => debtorProblem(deps),
    /** Why this person cannot ask now; null = they can. */
    refusalOf: (userId: UserId) => refusalOf(deps, store.read, userId, clock.now()),
    /** Whom money is owed: a person, or a team under its own name. */
    payee: (publicId: string) => deps.identity.userByPublicId(publicId),
    payeeById: (id: UserId) => deps.identity.userById(id),
  }
}

function printed(deps: PayoutsDeps, userId: UserId, period: string) {
  const { settings, identity, developers, baseUrl, answersFor } = deps
  const user = identity.userById(userId)
  const email = identity.userById(answersFor(userId))?.email
  const company = developers.developerOf(userId)?.company ?? ""
  const tax = taxNumberOf(deps.store.read, userId)
  const buyer = [company, user?.name ?? "", email ?? "", tax ? taxNumberName(tax) : ""].filter(Boolean)
  return paperOf(statementIn(deps, userId, period), { seller: sellerOf(settings), buyer, baseUrl })
}

const methodView = (row: rows.MethodRow): Method => ({
  publicId: row.publicId,
  kind: row.kind,
  currency: row.currency,
  country: row.country,
  hint: row.hint,
  createdMs: row.createdMs,
  usableMs: row.usableMs,
  confirmedMs: row.confirmedMs,
})

const dueOf = (upcoming: Earnings["upcoming"], today: number): number =>
  upcoming.reduce((sum, { day, amountNano }) => sum + (day <= today ? amountNano : 0), 0)

function readsOf(deps: PayoutsDeps) {
  const { store, clock, ledger, developers } = deps
  const reader: Reader = store.read
  return {
    methodOf(userId: UserId): Method | null {
      const row = rows.methodOf(reader, userId)
      return row && methodView(row)
    },
    earningsOf: (userId: UserId, mode: "live" | "test" = "live") =>
      ledger.earningsOf(ownerOf(userId), mode, developers.earningTerms()),
    /** What can be asked for now, down to the cent; what is due counts, though the job has not come by. */
    mostOf(userId: UserId): Nano {
      const { payableNano, upcoming } = ledger.earningsOf(ownerOf(userId), "live", developers.earningTerms())
      return wholeCents(payableNano + dueOf(upcoming, dayOf(clock.now())))
    },
    /** Test earnings by the terms of tests: what can be paid out as a test now, and what waits for its day to end. */
    testEarningsOf(userId: UserId): { available: Nano; pending: Nano } {
      const { payableNano, upcoming } = ledger.earningsOf(ownerOf(userId), "test", TEST_TERMS)
      const due = dueOf(upcoming, dayOf(clock.now()))
      const all = upcoming.reduce((sum, { amountNano }) => sum + amountNano, 0)
      return { available: wholeCents(payableNano + due), pending: nano(all - due) }
    },
    /** @throws AppError not_found */
    statementOf: (userId: UserId, period: string) => statementIn({ ledger, clock, developers }, userId, period),
    /** Of which there is something to say, newest first. */
    months: (userId: UserId): string[] =>
      monthsSince(developers.developerOf(userId)?.acceptedMs ?? clock.now(), clock.now()),
    isMonthly: (userId: UserId): boolean => scheduleOf(reader, userId) !== null,
    /** Newest first; one more than `PAYOUT_LIMITS.rows` where there is more. */
    ordersOf: (userId: UserId, beforeId: number | null = null, mode: "live" | "test" | null = null): OrderShown[] =>
      rows.ordersOf(reader, userId, { beforeId, mode, limit: PAYOUT_LIMITS.rows + 1 }),
    /** null: there is none, or it is somebody else's. */
    orderOf(userId: UserId, publicId: string): OrderShown | null {
      const found = rows.orderByPublicId(reader, publicId)
      return found?.ownerId === ownerOf(userId).id ? found : null
    },
    /** Of live mode. */
    order(publicId: string): OrderShown | null {
      const found = rows.orderByPublicId(reader, publicId)
      return found?.mode === "live" ? found : null
    },
    ordersIn: (state: OrderState, from: number | null): OrderShown[] =>
      rows.ordersIn(reader, state, from, PAYOUT_LIMITS.rows + 1),
    counts: (): ReadonlyMap<OrderState, number> =>
      new Map(rows.countsByState(reader).map(({ state, n }) => [state, n])),
    /** What stops their payouts; of a team, also what stops its owner's. */
    holdOf: (userId: UserId) => holdOver(deps, reader, userId),
    /** …of this payee alone: what releasing them ends. */
    ownHoldOf: (userId: UserId) => rows.openHold(reader, userId),
    held: () => rows.heldOwners(reader),
    files: () => files(reader),
    file: (publicId: string) => fileByPublicId(reader, publicId),
    rowsOfFile: (fileId: number) => rowsOfFile(reader, fileId),
    /** How many payouts such a file would have now. */
    waitingFor: (format: FileFormat) => countFor(reader, format),
  }
}
