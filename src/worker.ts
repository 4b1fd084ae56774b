// Entry of the read Worker: the heavy reads of every domain, by name. Read-only, so it may run beside the writer.
import { overview } from "./admin/index.ts"
import { CREDITS_EXPORT, type CreditsExportInput, creditsExportPage } from "./console/index.ts"
import { verify } from "./ledger/index.ts"
import { answerReads } from "./store/index.ts"

answerReads({
  "ledger.verify": (reader) => verify(reader),
  [CREDITS_EXPORT]: (reader, input) => creditsExportPage(reader, input as CreditsExportInput),
  "admin.overview": (reader, input) => overview(reader, input as Parameters<typeof overview>[1]),
})
