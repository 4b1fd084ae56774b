// `purser decode-picture`: the process that the server starts for each picture somebody sends. Not for people: help does not name it.
import { DECODE_VERB, decodeHere } from "../media/index.ts"
import type { Verb } from "./verb.ts"

export const decodePicture: Verb = {
  words: DECODE_VERB,
  help: "",
  about: [],
  examples: [],
  operands: "[PIXELS]",
  run: ({ words }) => decodeHere(words[0] ?? ""),
}
