// The nouns of metered services (SPEC KE-3): what an operator sells that runs elsewhere, and a use of it.
import type { ClientId, KeyId, Nano, UserId } from "../app/index.ts"
import type { AskedOnce, Gateway, Standing } from "../gateway/index.ts"
import type { Principal } from "../ledger/index.ts"
import type { AiScope, Mode } from "../oauth/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"

export interface ServiceTerms {
  name: string
  /** What is counted, in the singular. */
  unit: string
  /** Which permission of an app, and which restricted credits, a use falls under. */
  scope: AiScope
  /** p$ a unit: a thousandth of n$. */
  pricePico: number
  /** Units of one call, both ends included. */
  quantityMin: number
  quantityMax: number
}

export interface Service extends ServiceTerms {
  id: number
  /** What programs call it; never changed. */
  slug: string
  active: boolean
  createdMs: number
  updatedMs: number
}

export interface NewService extends ServiceTerms {
  slug: string
}

/** What is left out stays. */
export interface EditService extends Partial<ServiceTerms> {
  slug: string
  active?: boolean
  /** When it was last changed, as the editor saw it. */
  seenMs?: number | undefined
}

/** Who says that somebody is to be charged, and whom. */
export interface Reporter {
  requestId: string
  /** performance.now() at arrival. */
  startMs: number
  /** Who used it, and whose wallet pays. */
  user: { id: UserId; publicId: string }
  payer: Principal
  /** The key of theirs by which they say so themselves, whose limits hold; null for a session, or somebody else. */
  keyId: KeyId | null
  /** The app whose server says so: what they let it spend in a day holds. */
  app?: { id: ClientId; publicId: string; consentId: number }
  mode: Mode
  /** Who says so, for the audit log and the books: `admin:usr_…`. */
  actor: string
  /** Asks again, inside the body that charges, that whoever says so may. An app's says what it may spend. @throws AppError */
  requireIn(tx: Tx, scope: AiScope): Standing | null
  /** A use without a name for its repeats could be charged twice. */
  once: AskedOnce
}

/** A use that somebody who may says has happened. */
export interface Use extends Reporter {
  service: string
  quantity: number
}

/** Credits that an app takes for what it did elsewhere, with its own words for it. */
export interface Taking extends Reporter {
  app: NonNullable<Reporter["app"]>
  amountNano: Nano
  /** The kind of use, whose limit of a day it counts against. */
  scope: AiScope
  reason: string
}

/** What this domain needs to know about people; identity fits it. */
export interface MeteredPeople {
  /** @throws AppError account_suspended, read inside the body */
  requireActiveIn(tx: Tx, userId: UserId): { emailVerified: boolean }
}

export interface MeteringDeps {
  store: Store
  gateway: Pick<Gateway, "chargedFixed" | "noteRefused">
  identity: MeteredPeople
}

/** Verbs. `…In(tx, …)` runs inside a mutation; its pair without `In` is one durable write. */
export interface Metering {
  /** By name. */
  services(): Service[]
  service(slug: string): Service | null
  /** @throws AppError validation_failed with formErrors */
  createIn(tx: Tx, input: NewService): Service
  create(ctx: WriteContext, input: NewService): Promise<Service>
  /** @throws AppError not_found, conflict (changed since), validation_failed with formErrors */
  editIn(tx: Tx, input: EditService): Service
  edit(ctx: WriteContext, input: EditService): Promise<Service>
  /**
   * Charges a use, once for each key. The answer is JSON with what was charged.
   * @throws AppError not_found, validation_failed, and those of a charged call
   */
  track(use: Use): Promise<Response>
  /** The same for an amount that an app names, within what its person lets it spend. @throws as `track` */
  take(taking: Taking): Promise<Response>
}
