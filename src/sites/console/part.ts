// What the console contributes: portions of a person's download, made in the read Worker.
import type { Part } from "../../part/index.ts"
import { CREDITS_EXPORT, type CreditsExportInput, creditsExportPage } from "./credits-export.ts"

export const consolePart: Part<unknown> = {
  name: "sites/console",
  reads: { [CREDITS_EXPORT]: (reader, input) => creditsExportPage(reader, input as CreditsExportInput) },
}
