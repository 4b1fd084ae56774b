// `purser decode-picture`: the process that the server starts for each picture somebody sends. Not for people: help does not name it.
import { DECODE_VERB, decodeHere } from "../media/index.ts"
import type { Verb } from "./index.ts"

export const decodePicture: Verb = {
  words: DECODE_VERB,
  help: "",
  switches: [],
  wordsMax: 1,
  run: ({ words }) => decodeHere(words[0] ?? ""),
}
