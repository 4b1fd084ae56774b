// The naive ledger that the real one is held against: plain lists, BigInt, no SQL, nothing shared with the ledger's own rules.
// Written from SPEC and the ledger's README. Slow and obvious; it predicts every posting, figure and refusal.

export type Mode = "live" | "test"

export interface Lot {
  id: number
  /** `live 3`: mode and owner. */
  wallet: string
  bucket: string
  type: string
  paid: boolean
  priority: number
  restriction: string | null
  granted: bigint
  consumed: bigint
  expired: bigint
  voided: bigint
  clawed: bigint
  remaining: bigint
  from: number
  /** null = never. */
  until: number | null
  created: number
  key: string
  rollover: Rollover | null
  /** The lot whose unspent rest this is; such a lot counts against the cap and never rolls again. */
  rolledFrom: number | null
  /** Its payment is in doubt. */
  frozen: boolean
}

export interface Rollover {
  max: bigint
  cap: bigint | null
  lifetimeMs: number
}

export interface Hold {
  id: number
  wallet: string
  callId: string
  boot: string
  caller: number
  client: number | null
  key: number | null
  route: number | null
  stream: boolean
  /** Counts for the day of its client and scope. */
  limited: boolean
  scope: string
  created: number
  day: number
  amount: bigint
  parts: { lot: Lot; amount: bigint }[]
  stage: string
  inputCost: bigint
  knownCost: bigint
  split: [bigint, bigint, bigint]
  developer: number | null
  lease: number
  /** The most that promo lots may earn the developer in a day; null = no bound. */
  promoCap: bigint | null
  state: "open" | "settled" | "released"
}

/** What is told of a call at its end. */
export interface CallEnd {
  /** undefined: as the hold says. */
  route?: number | null | undefined
  status: number
  errorCode: string | null
  end: string
  latency: number
  firstToken: number | null
  tokens: { input: number; cached: number; output: number; reasoning: number }
  units: Record<string, number> | null
  source: string
}

/** A charged call, also one that cost nothing. */
export interface Charge {
  /** Its place among all that was posted. */
  id: number
  at: number
  hold: Hold
  total: bigint
  upstream: bigint
  /** What the price gives the developer. */
  share: bigint
  collected: bigint
  earned: { paid: bigint; promo: bigint }
  developer: number | null
  takes: { lot: Lot; amount: bigint }[]
  /** What refunds and reversals gave back of it. */
  back: bigint
  walletAfter: bigint
  call: CallEnd
}

export interface Entry {
  /** `live wallet 3`, `live cash`. */
  account: string
  lot: number | null
  amount: bigint
}

export interface Posted {
  id: number
  type: string
  mode: Mode
  key: string | null
  reverses: number | null
  /** The charge that it is, or is about. */
  charge: number | null
  at: number
  entries: Entry[]
}

export interface Claim {
  wallet: string
  at: number
  amount: bigint
  streak: number
  budget: bigint | null
  transaction: number
}

/** What one usage earned its developer from paid or from promo lots. */
export interface Earning {
  transaction: number
  /** `live pending 8`. */
  account: string
  day: number
  source: "paid" | "promo"
  earned: bigint
  clawed: bigint
  /** Came back when it had matured. */
  late: bigint
  matured: boolean
}

export interface Payout {
  id: number
  wallet: string
  amount: bigint
  state: "requested" | "paid" | "failed"
  key: string
}

/** What was asked and answered under a key. */
export interface Correction {
  verb: string
  request: string
  answer: object
  claw?: Clawed
}

/** What a claw-back took. */
export interface Clawed {
  lot: number
  amount: bigint
  takes: { lot: number; amount: bigint }[]
  debt: bigint
  /** What of the lot had gone before, into breakage. */
  broken: bigint
  through: string
  /** Calls that the missing credits had paid for, and what their developers bore. */
  calls: { charge: number; credits: bigint; earned: bigint; account: string }[]
}

/** A refusal, by the code that people see. */
export class Refused extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}
/** A caller's defect: an error of any kind that is not a refusal. */
export class Defect extends Error {}

export const MOST = 9_007_199_254_740_991n
export const DAY = 86_400_000
export const dayOf = (ms: number): number => Math.floor(ms / DAY)
const sorted = (all: bigint[]): bigint[] => all.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
export const least = (...all: bigint[]): bigint => sorted(all)[0]!
export const most = (...all: bigint[]): bigint => sorted(all).at(-1)!
export const sum = (all: readonly bigint[]): bigint => all.reduce((a, b) => a + b, 0n)

/** Whose use of which app is counted: each of those who spend from one wallet has a limit of their own. */
export interface AppUse {
  client: number
  caller: number
  scope: string
}

const isOf = (hold: Hold, wallet: string, of: AppUse, day: number): boolean =>
  hold.limited &&
  hold.wallet === wallet &&
  hold.day === day &&
  hold.client === of.client &&
  hold.caller === of.caller &&
  hold.scope === of.scope

export class Books {
  lots: Lot[] = []
  holds: Hold[] = []
  open: Hold[] = []
  charges: Charge[] = []
  posted: Posted[] = []
  claims: Claim[] = []
  earnings: Earning[] = []
  payouts: Payout[] = []
  corrections = new Map<string, Correction>()
  /** Every account that was opened, by name. */
  accounts = new Map<string, bigint>()
  /** `live|day` → granted, and the budget of the last claim. */
  budgets = new Map<string, { granted: bigint; budget: bigint }>()
  /** What the last acts touched; the comparison empties these. */
  dirtyWallets = new Set<string>()
  dirtyHolds = new Set<Hold>()
  dirtyLots = new Set<Lot>()
  /** What other parts of the model keep; each part owns its own key. */
  readonly parts: Record<string, unknown> = {}

  modeOf(wallet: string): Mode {
    return wallet.startsWith("live") ? "live" : "test"
  }
  /** `live 3` → `live wallet 3`. */
  account(wallet: string, kind = "wallet"): string {
    const [mode, owner] = wallet.split(" ")
    return `${mode} ${kind} ${owner}`
  }
  openAccount(name: string): void {
    if (!this.accounts.has(name)) this.accounts.set(name, 0n)
  }
  balance(account: string): bigint {
    return this.accounts.get(account) ?? 0n
  }
  isKeyTaken(key: string): boolean {
    return this.corrections.has(key) || this.posted.some((one) => one.key === key)
  }
  debt(wallet: string): bigint {
    return -this.balance(this.account(wallet, "debt"))
  }

  post(entry: Omit<Posted, "id" | "key" | "reverses" | "charge"> & Partial<Posted>): Posted {
    const entries = entry.entries.filter(({ amount }) => amount !== 0n)
    const whole: Posted = { key: null, reverses: null, charge: null, ...entry, entries, id: this.posted.length + 1 }
    if (sum(entries.map((one) => one.amount)) !== 0n) throw new Error(`the model posted ${whole.type} out of balance`)
    this.posted.push(whole)
    for (const { account, amount } of entries) this.accounts.set(account, this.balance(account) + amount)
    return whole
  }

  held(lot: Lot): bigint {
    let held = 0n
    for (const hold of this.open) for (const part of hold.parts) if (part.lot === lot) held += part.amount
    return held
  }
  free(lot: Lot): bigint {
    return lot.remaining - this.held(lot)
  }
  lotsOf(wallet: string): Lot[] {
    return this.lots.filter((lot) => lot.remaining > 0n && lot.wallet === wallet)
  }
  /** In the order in which they are spent: priority, expiry (never last), promo before paid, created, id. */
  inOrder(lots: Lot[]): Lot[] {
    const before = (a: Lot, b: Lot): boolean => {
      if (a.priority !== b.priority) return a.priority < b.priority
      if (a.until !== b.until) return b.until === null || (a.until !== null && a.until < b.until)
      if (a.paid !== b.paid) return !a.paid
      if (a.created !== b.created) return a.created < b.created
      return a.id < b.id
    }
    return [...lots].sort((a, b) => (a === b ? 0 : before(a, b) ? -1 : 1))
  }
  isDue(lot: Lot, now: number): boolean {
    return lot.until !== null && lot.until <= now
  }
  /** What a call of this scope may be paid from now, in order. */
  usable(wallet: string, now: number, scope: string | null): Lot[] {
    const lots = this.lotsOf(wallet).filter(
      (lot) =>
        !lot.frozen &&
        lot.from <= now &&
        !this.isDue(lot, now) &&
        (lot.restriction === null || scope === null || lot.restriction === scope),
    )
    return this.inOrder(lots)
  }
  spendable(wallet: string, now: number, scope: string | null): bigint {
    return sum(this.usable(wallet, now, scope).map((lot) => this.free(lot)))
  }

  /** Collected of a wallet through an app for one caller on the day of its holds, less what came back. */
  usedOf(wallet: string, of: AppUse, day: number): bigint {
    const mine = this.charges.filter(({ hold }) => isOf(hold, wallet, of, day))
    return sum(mine.map((charge) => charge.collected - charge.back))
  }
  heldOf(wallet: string, of: AppUse, day: number): bigint {
    return sum(this.open.filter((hold) => isOf(hold, wallet, of, day)).map((hold) => hold.amount))
  }

  /** @returns what takes everything back to how it is now */
  checkpoint(): () => void {
    const lots = this.lots.map((lot) => ({ lot, was: { ...lot } }))
    const open = this.open.map((hold) => ({ hold, was: { ...hold, parts: [...hold.parts] } }))
    const lengths = [this.holds.length, this.posted.length, this.claims.length] as const
    const charges = this.charges.map((charge) => ({ charge, back: charge.back }))
    const maps = [new Map(this.accounts), new Map(this.budgets), new Map(this.corrections)] as const
    const [earnings, payouts] = [this.earnings.map((one) => ({ ...one })), this.payouts.map((one) => ({ ...one }))]
    const parts = structuredClone(this.parts)
    return () => {
      for (const { lot, was } of lots) Object.assign(lot, was)
      for (const { hold, was } of open) Object.assign(hold, was)
      this.lots.length = lots.length
      this.open = open.map(({ hold }) => hold)
      ;[this.holds.length, this.posted.length, this.claims.length] = lengths
      for (const { charge, back } of charges) charge.back = back
      this.charges.length = charges.length
      ;[this.accounts, this.budgets, this.corrections] = maps
      ;[this.earnings, this.payouts] = [earnings, payouts]
      for (const name of Object.keys(this.parts)) delete this.parts[name]
      Object.assign(this.parts, parts)
      for (const lot of this.dirtyLots) if (lot.id > lots.length) this.dirtyLots.delete(lot)
      for (const hold of this.dirtyHolds) if (hold.id > lengths[0]) this.dirtyHolds.delete(hold)
    }
  }

  touchLot(lot: Lot): void {
    this.dirtyLots.add(lot)
    this.dirtyWallets.add(lot.wallet)
  }
}
