// Entry of the read Worker: the heavy reads of every domain, by name. Read-only, so it may run beside the writer.

import { verify } from "./ledger/index.ts"
import {
  EXPORT_BOOKS,
  exportPieces,
  overview,
  trialBalance,
  upstreamHealth,
  VERIFY_BOOKS,
  verifyPieces,
} from "./sites/admin/index.ts"
import { CREDITS_EXPORT, type CreditsExportInput, creditsExportPage } from "./sites/console/index.ts"
import { answerReads } from "./store/index.ts"

answerReads(
  {
    "ledger.verify": (reader) => reader.snapshot(() => verify(reader)),
    [CREDITS_EXPORT]: (reader, input) => creditsExportPage(reader, input as CreditsExportInput),
    "admin.trial-balance": trialBalance,
    "admin.overview": (reader, input) => overview(reader, input as Parameters<typeof overview>[1]),
    "admin.upstream-health": (reader, input) => upstreamHealth(reader, input as Parameters<typeof upstreamHealth>[1]),
  },
  {
    [VERIFY_BOOKS]: verifyPieces,
    [EXPORT_BOOKS]: exportPieces,
  },
)
