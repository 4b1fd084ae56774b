// Words of set-up files: one YAML file that says how a house is set up, by the kinds of what an admin decides.
import type { Clock } from "../../../app/index.ts"
import type { Billing } from "../../../billing/index.ts"
import type { Gateway } from "../../../gateway/index.ts"
import type { FormDef } from "../../../http/index.ts"
import type { Identity } from "../../../identity/index.ts"
import type { Limits } from "../../../limits/index.ts"
import type { Plans } from "../../../plans/index.ts"
import type { Pricing } from "../../../pricing/index.ts"
import type { Settings } from "../../../settings/index.ts"
import type { Store, Tx, WriteContext } from "../../../store/index.ts"

export interface SetupDeps {
  store: Store
  clock: Clock
  settings: Settings
  gateway: Gateway
  pricing: Pricing
  plans: Plans
  billing: Billing
  limits: Limits
  identity: Identity
}

/** Names and values that keys are taken from: `key: { env: NAME }`. */
export type Secrets = Readonly<Record<string, string>>

/**
 * How entries of a kind stand in the file: `name: {fields}`; `name: value`; a list of fields, of which some name the entry; a list of
 * names.
 */
export type Shape = "fields" | "value" | { list: readonly string[] } | "names"

// biome-ignore lint/suspicious/noExplicitAny: values belong to the form of the kind, which alone reads and writes them.
export type Values = any

export interface Kind {
  /** At the top of the file. */
  name: string
  shape: Shape
  /** What is there now, committed. */
  present(): Map<string, Values>
  /** How the house writes the name of an entry. Default: as it stands. */
  idOf?(entry: string): string
  /** @throws AppError not_found in words, where there can be no such entry */
  formOf(entry: string, given: Readonly<Record<string, unknown>>): FormDef<Values>
  /** What a new entry has where the file says nothing; absent: entries cannot be added. */
  fresh?: Values
  /** Makes it so. @throws AppError of the domain */
  saveIn(tx: Tx, entry: string, values: Values, before: Values | null): void
  /** `entry: null`. */
  removeIn?(tx: Tx, entry: string): void
  /** Whether a secret is another one than the present. */
  isNewSecret?(entry: string, value: string): boolean
}

export interface FieldChange {
  field: string
  /** As typed; null = there was none. */
  before: string | null
  after: string
}

export interface SetupChange {
  kind: string
  entry: string
  act: "added" | "changed" | "removed"
  fields: FieldChange[]
}

/** What the file says of one entry; null = take it away. */
export interface Wanted {
  entry: string
  given: Readonly<Record<string, unknown>> | null
}

export interface SetupFiles {
  /** The present state, as a file that `apply` takes. Keys stand in it as names of the environment. */
  export(): string
  /**
   * All of it, or nothing: one durable write.
   * @param isDry looks what would be done, and does nothing
   * @param seen what a look said that it would do; asked in the write itself
   * @returns what differs from before; nothing when it was so already
   * @throws AppError validation_failed with every objection in a line of its own; conflict where it would do something else than was seen
   */
  apply(
    ctx: WriteContext,
    input: { text: string; secrets: Secrets; isDry: boolean; seen?: readonly SetupChange[] },
  ): Promise<SetupChange[]>
}
