// `purser prove-backup`: the process that the server starts to try its backup. Not for people: help does not name it.
import { PROVE_VERB, proveHere } from "../backup/index.ts"
import type { Verb } from "./verb.ts"

export const proveBackup: Verb = {
  words: PROVE_VERB,
  help: "",
  about: [],
  examples: [],
  run: () => proveHere(),
}
