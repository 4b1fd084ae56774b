// The nouns of plans. Owns plan rows, who is on which plan, and the day's free budget; the ledger gets amounts as arguments.
import type { Clock, Nano, UserId } from "../app/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"

/** `free`: everybody's plan without a subscription; `bonus`: more daily credits; `credits`: credits by the month. */
export type PlanKind = "free" | "bonus" | "credits"

/** What an either-or plan gives in a period: its monthly credits, or calls with the person's own provider keys. */
export type PlanChoice = "credits" | "byok"

/** What an admin may change of a plan. Amounts n$, markups in basis points (100 = 1 %). */
export interface PlanTerms {
  name: string
  /** One sentence for the comparison of plans. */
  description: string
  /** For one month. */
  priceNano: Nano
  /** For one year; null = sold by the month only. */
  yearlyNano: Nano | null
  dailyClaimNano: Nano
  /** Whether its claims are taken from the day's free budget. */
  freeBudgetCounts: boolean
  /** Granted at the start of each period, expiring at its end. */
  monthlyNano: Nano
  /** Most of one grant that rolls over at the end of its period; 0 = nothing does. */
  rolloverMaxNano: Nano
  /** Most that all rolled-over credits of a person may hold together; null = no such bound. */
  rolloverCapNano: Nano | null
  /** For how many periods more rolled-over credits live. */
  rolloverPeriods: number
  /** What a person's own api key pays above the raw price, on models that cost something and on free ones. */
  markupPaidBp: number
  markupFreeBp: number
  /** Own api keys reach free models only (SPEC §2); calls through apps are not bound by it. */
  freeModelsOnly: boolean
  /** What 1,000 tokens of a free model cost an own api key. */
  freePer1kNano: Nano
  byokAllowed: boolean
  /** Monthly credits or own provider keys, the person's choice for each period. */
  eitherOr: boolean
  /** May name a model for each capability (SPEC GW-4). */
  overrides: boolean
  prioritySupport: boolean
  teams: boolean
  /** An inactive plan takes nobody new; who is on it stays. */
  active: boolean
  sortOrder: number
}

export interface Plan extends PlanTerms {
  id: number
  /** Stable name in code, such as `free`. */
  code: string
  kind: PlanKind
  /** Last change; hand it back to `updatePlan` so that two editors do not overwrite each other. */
  updatedMs: number
}

type Unchecked<T> = T extends Nano ? number : T

/** What is left out stays; amounts are checked by the verb. */
export type UpdatePlan = { [Field in keyof PlanTerms]?: Unchecked<PlanTerms[Field]> } & {
  code: string
  /** Refused with `conflict` when the plan was changed after this. */
  seenMs?: number | undefined
}

/** Where a plan comes from: everybody's, an admin's gift or what was paid outside, or a subscription. */
export type PlanSource = "free" | "assigned" | "subscription"

/** Which plan a person is on now, from when to when, and what comes next. */
export interface Standing {
  plan: Plan
  source: PlanSource
  /** Null on Free. */
  period: { no: number; startMs: number; endMs: number } | null
  /** Null unless the plan is either-or. */
  choice: PlanChoice | null
  /** Both at the end of the period; null = nothing changes. */
  pendingPlan: Plan | null
  pendingChoice: PlanChoice | null
  /** Whether the plan was paid for; its credits are paid credits then. */
  paid: boolean
  /** When it changes by itself at the latest: a subscription counts some days longer than it is paid for. Null on Free. */
  untilMs: number | null
  /** The other plan of a person who has two: it costs less, so this one counts. */
  beside: { plan: Plan; source: PlanSource; endMs: number } | null
}

/** A subscription as it is paid, whether or not a better plan counts. */
export interface PaidStanding {
  plan: Plan
  /** `sub_…` of the processor. */
  subscription: string
  /** Of its price. */
  months: 1 | 12
  period: { startMs: number; endMs: number }
  choice: PlanChoice | null
  pendingChoice: PlanChoice | null
  /** What comes at the end of the period; Free = it ends, null = the same again. */
  nextPlan: Plan | null
  untilMs: number
}

/** A part of an invoice that pays for a plan for a time, or gives back what is left of another. */
export interface PaidLine {
  /** Of the ledger: `stripe:<invoice>:<line>`. */
  key: string
  planId: number
  /** Of its price. */
  months: 1 | 12
  startMs: number
  endMs: number
  /** Its amount and the whole price, cents: their ratio is the part of the price's months that it is about. */
  cents: number
  priceCents: number
  /** What is left of a plan is given back. */
  isBack: boolean
}

export interface PaidInvoice {
  user: Subject
  /** `sub_…` */
  subscription: string
  lines: readonly PaidLine[]
  /** What was paid for them in all, without tax: no more credits than this are paid ones. */
  netNano: Nano
  /** Months are counted from it. */
  anchorMs: number
  /** Of an either-or plan, where none was chosen before. */
  choice: PlanChoice | null
}

/** n$, all its months together. */
export interface PaidGranted {
  /** Paid credits and those that are a gift. */
  grantedNano: Nano
  paidNano: Nano
}

export interface KeepInput {
  user: Subject
  /** `sub_…` */
  subscription: string
  /** What comes at the end of the period; Free's = it ends, null = the same again. */
  nextPlanId: number | null
  /** Where it ends for good. */
  endsMs: number | null
}

/** What a plan lets a person do now. */
export interface Entitlements {
  planCode: string
  planName: string
  dailyClaimNano: Nano
  markupPaidBp: number
  markupFreeBp: number
  freeModelsOnly: boolean
  freePer1kNano: Nano
  /** Own provider keys may be used; on an either-or plan only in periods for which they were chosen. */
  byok: boolean
  overrides: boolean
  prioritySupport: boolean
  teams: boolean
}

/** Internal id for rows, public id for the audit log. */
export interface Subject {
  id: UserId
  publicId: string
}

export interface AssignInput {
  user: Subject
  planCode: string
  /** For either-or plans; credits by default. */
  choice?: PlanChoice
  /** Paid for outside, until billing exists: credits come from `cash` and are paid ones. Default: as it was, else no. */
  paid?: boolean
}

export type PlanEventKind =
  | "started"
  | "renewed"
  | "upgraded"
  | "ended"
  | "change_scheduled"
  | "change_dropped"
  | "choice_scheduled"

export interface PlanEvent {
  id: number
  event: PlanEventKind
  planCode: string
  planName: string
  choice: PlanChoice | null
  periodNo: number
  /** When it took effect. */
  atMs: number
  /** When that was written down; later than `atMs` when the server was off. */
  recordedMs: number
  grantedNano: Nano
  transactionId: string | null
  actor: string
  reason: string
}

/** Monthly credits are granted through it. */
export type PlanLedger = Pick<Ledger, "grantIn" | "walletIn">

export interface PlansDeps {
  store: Store
  clock: Clock
  ledger: PlanLedger
  settings: Settings
}

/** Verbs. `…In(tx, …)` runs inside a mutation; its pair without `In` is one durable write. Reads compute what is due by the clock. */
export interface Plans {
  /** The plan a user is on now. */
  planOf(userId: UserId): Plan
  standingOf(userId: UserId): Standing
  standingOfIn(tx: Tx, userId: UserId): Standing
  /** What an admin assigned, whether or not a subscription is better; the verbs below are about it. */
  assignedOf(userId: UserId): Standing
  /** What a person pays for; null where nothing was paid, or it counts no longer. */
  paidOf(userId: UserId): PaidStanding | null
  paidOfIn(tx: Tx, userId: UserId): PaidStanding | null
  entitlementsOf(userId: UserId): Entitlements
  entitlementsOfIn(tx: Tx, userId: UserId): Entitlements
  /** Newest first, at most 200. */
  historyOf(userId: UserId, limit?: number): PlanEvent[]

  /**
   * What the plan says of a person's own keys, for every call through one: from memory, right after every change of a plan and at the
   * end of each period.
   */
  keyTermsOf(userId: UserId): Entitlements
  /** What a claim of this user grants now, and the day's free budget when it counts against it. */
  claimTermsIn(tx: Tx, userId: UserId): { amountNano: Nano; freeBudgetNano: Nano | null }

  /**
   * Grants what began since the last time: the credits of every period, on the terms of its start, expiring at its end.
   * One read when nothing is due. @returns periods granted now
   */
  allocateDueIn(tx: Tx, userId: UserId): number
  /** The same for everybody; the job, and before listening. */
  allocateDue(): Promise<{ people: number; periods: number }>

  /** Starts a plan for somebody on Free, from now. @throws AppError not_found, validation_failed, conflict */
  assignIn(tx: Tx, input: AssignInput): Standing
  assign(ctx: WriteContext, input: AssignInput): Promise<Standing>
  /**
   * To a dearer plan at once, to a cheaper one (or Free) at the end of the period; to the present one: drops what was to
   * come. From Free it starts the plan. @throws AppError not_found, validation_failed, conflict
   */
  changeIn(tx: Tx, input: AssignInput): Standing
  change(ctx: WriteContext, input: AssignInput): Promise<Standing>
  /** Free at the end of the period. @throws AppError conflict on Free */
  cancelIn(tx: Tx, user: Subject): Standing
  cancel(ctx: WriteContext, user: Subject): Promise<Standing>
  /**
   * A paid invoice of a plan, once: its months are granted, each as a lot of its own, expiring at its end; in the middle of a period what
   * the new plan gives more. @returns what was granted now
   */
  payIn(tx: Tx, input: PaidInvoice): PaidGranted
  /** The plan of a subscription is what was paid last for it, until the end of that and three days more. */
  keepIn(tx: Tx, input: KeepInput): void

  /**
   * Monthly credits or own keys, from the next period on, of the plan that counts.
   * @throws AppError conflict when the plan has no such choice
   */
  chooseIn(tx: Tx, input: { user: Subject; choice: PlanChoice }): Standing
  choose(ctx: WriteContext, input: { user: Subject; choice: PlanChoice }): Promise<Standing>

  /** By sort order. */
  list(): Plan[]
  planByCode(code: string): Plan | null
  /** How many people are on each plan, by plan code; those on Free without ever having had another are not counted. */
  peopleByPlan(): Map<string, number>
  /** @throws AppError not_found, conflict, validation_failed with a message per field of PlanTerms */
  updatePlanIn(tx: Tx, input: UpdatePlan): Plan
  updatePlan(ctx: WriteContext, input: UpdatePlan): Promise<Plan>
  /** What free claims of one UTC day may grant together, n$; null = no bound. */
  freeBudgetNano(): Nano | null
  freeBudgetNanoIn(tx: Tx): Nano | null
  /** @throws AppError validation_failed for what is no amount */
  setFreeBudgetIn(tx: Tx, freeBudgetNano: number | null): void
  setFreeBudget(ctx: WriteContext, freeBudgetNano: number | null): Promise<void>
}
