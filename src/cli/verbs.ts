// Every verb of the executable, in the order in which help names them.
import { adminGrant, adminList, adminLoginLink, adminPasskeysOff, adminRevoke, adminTwoStepOff } from "./admin.ts"
import { applySetup } from "./apply.ts"
import { backupList, backupNow, backupVerify } from "./backup.ts"
import { completion } from "./completion.ts"
import { configVerb } from "./config.ts"
import { decodePicture } from "./decode-picture.ts"
import { demo } from "./demo.ts"
import { doctor } from "./doctor.ts"
import { healthcheck } from "./healthcheck.ts"
import { hookPostRestore, hookPreBackup } from "./hook.ts"
import { keysList, keysReseal, keysRotate } from "./keys.ts"
import { keysExport, keysImport } from "./keys-export.ts"
import { ledgerExport } from "./ledger-export.ts"
import { ledgerImport } from "./ledger-import.ts"
import { ledgerVerify } from "./ledger-verify.ts"
import { migrateAlone, migrateStatus, migrateUp } from "./migrate.ts"
import { migrateBack } from "./migrate-back.ts"
import { promote } from "./promote.ts"
import { proveBackup } from "./prove-backup.ts"
import { restore, restoreGoOn } from "./restore.ts"
import { serve } from "./serve.ts"
import { setupLink } from "./setup-link.ts"
import { signingKeysList, signingKeysRotate, signingKeysWithdraw } from "./signing-keys.ts"
import { smoke } from "./smoke.ts"
import { standby } from "./standby.ts"
import { systemd } from "./systemd.ts"
import type { Verb } from "./verb.ts"
import { version } from "./version.ts"

/** Asked when it is needed: completion and help are verbs themselves. */
export const verbs = (): readonly Verb[] => [
  serve,
  standby,
  promote,
  demo,
  setupLink,
  applySetup,
  adminGrant,
  adminRevoke,
  adminList,
  adminLoginLink,
  adminTwoStepOff,
  adminPasskeysOff,
  configVerb,
  doctor,
  healthcheck,
  ledgerVerify,
  ledgerExport,
  ledgerImport,
  backupNow,
  backupList,
  backupVerify,
  restore,
  restoreGoOn,
  keysList,
  keysRotate,
  keysReseal,
  keysExport,
  keysImport,
  signingKeysList,
  signingKeysRotate,
  signingKeysWithdraw,
  migrateStatus,
  migrateUp,
  migrateBack,
  smoke,
  systemd,
  hookPreBackup,
  hookPostRestore,
  completion,
  version,
  migrateAlone,
  decodePicture,
  proveBackup,
]

/** Those that help names. */
export const shownVerbs = (): readonly Verb[] => verbs().filter((verb) => verb.help !== "")
