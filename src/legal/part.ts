// What `legal` contributes: which terms people accepted, and how its acts are told.
import type { Part } from "../part/index.ts"
import { LEGAL_SENTENCES } from "./sentences.ts"
import { LEGAL_PERSONAL } from "./store-personal.ts"

const STAYS = { nothing: "what was accepted stays accepted" }

export const legalPart: Part<object> = {
  name: "legal",
  personal: LEGAL_PERSONAL,
  sentences: LEGAL_SENTENCES,
  run: () => ({
    lifecycle: {
      suspended: STAYS,
      reinstated: STAYS,
      passwordChanged: STAYS,
      erased: { nothing: "which terms were accepted when stays, by number: a contract that stood" },
    },
  }),
}
