// What the admin's routes share. Admins come in through the console's session; everybody else finds nothing here.
import type { Config, Ids } from "../../app/index.ts"
import type { Backup } from "../../backup/index.ts"
import type { Jobs } from "../../jobs/index.ts"
import type { Keys } from "../../keys/index.ts"
import type { Verification } from "../../ledger/index.ts"
import type { Limits } from "../../limits/index.ts"
import type { Mailer, Mails } from "../../mail/index.ts"
import type { Metering } from "../../metering/index.ts"
import type { Outbox } from "../../outbox/index.ts"
import type { Check, FirstRunStep, Keeping, Sentences } from "../../part/index.ts"
import type { Pricing } from "../../pricing/index.ts"
import type { Held } from "../../replica/index.ts"
import type { Settings } from "../../settings/index.ts"
import type { ReadWorker } from "../../store/index.ts"
import type { PageRequest, Site } from "../base/index.ts"
import type { ConsoleDeps } from "../console/index.ts"
import type { ADMIN_PAGES } from "./pages.ts"

export interface AdminDeps extends ConsoleDeps {
  keys: Keys
  metering: Metering
  limits: Limits
  /** The lines of truth, of every part. */
  checks: () => Check[]
  /** More lines of /admin/system, of every part. */
  system: () => Check[]
  jobs: Pick<Jobs, "list" | "runNow">
  outbox: Pick<Outbox, "entries" | "entry" | "countsByState" | "again" | "giveUp">
  backup: Pick<Backup, "prove" | "proofs" | "provingSinceMs" | "lastRestore" | "heldMessages" | "goOn">
  mailer: Pick<Mailer, "send" | "road">
  mails: Pick<Mails, "house">
  config: Pick<Config, "dataDir" | "replica">
  firstRun: readonly FirstRunStep[]
  settings: Settings
  /** What is deleted by age, of every part. */
  keeps: readonly Keeping[]
  /** How the audit log reads each act, of every part. */
  sentences: Sentences
  reads: ReadWorker
  pricing: Pricing
  verification: Verification
  ids: Ids
  /** Whether the copy elsewhere has what was just done; waits for it as long as is set. */
  replica: { holds(): Promise<Held> }
}

export type AdminSite = Site<PageRequest, (typeof ADMIN_PAGES)[number]["path"]>
