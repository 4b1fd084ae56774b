// `purser keys export`: the secret key on paper, as words and as a QR code, and `purser keys import` from there. The key goes where the
// operator says and nowhere else.
import { existsSync } from "node:fs"
import { join } from "node:path"
import { entropyToMnemonic, mnemonicToEntropy, validateMnemonic } from "@scure/bip39"
import { wordlist } from "@scure/bip39/wordlists/english.js"
import { renderSVG, renderUnicodeCompact } from "uqr"
import {
  createKeyring,
  KeyringError,
  keyFileOf,
  kidOf,
  readConfig,
  readMasterKeys,
  saveMasterKeys,
} from "../app/index.ts"
import { giveToOwner, openReadOnly } from "../store/index.ts"
import { checkCanary } from "../vault/index.ts"
import { UsageError } from "./args.ts"
import { writeWhole } from "./files.ts"
import type { Verb } from "./verb.ts"
import { askPurser } from "./with-app.ts"

/** 24 words of BIP 39: 256 bits and a checksum that finds a word read wrong. */
export const wordsOf = (key: Buffer): string => entropyToMnemonic(key, wordlist)

/** A key as somebody typed or scanned it. @throws UsageError when it is neither words nor hex, or a word is wrong */
export function keyOfText(text: string): Buffer {
  const typed = text
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .filter((word) => !/^\d+[.)]?$/.test(word) || word.length === 64)
  const [first = ""] = typed
  if (typed.length === 1 && /^[0-9a-f]{64}$/.test(first)) return Buffer.from(first, "hex")
  const unknown = typed.filter((word) => !wordlist.includes(word))
  if (unknown.length > 0) throw new UsageError(`these words are not of the list: ${unknown.slice(0, 5).join(", ")}`)
  const phrase = typed.join(" ")
  if (typed.length !== 24) throw new UsageError(`a key has 24 words; these are ${typed.length}`)
  if (!validateMnemonic(phrase, wordlist))
    throw new UsageError("the words do not go together; one of them was read wrong, or two are swapped")
  return Buffer.from(mnemonicToEntropy(phrase, wordlist))
}

const COLUMNS = 4
/** Four columns, each word with its number. */
export function wordTable(key: Buffer): string {
  const words = wordsOf(key).split(" ")
  const rows = words.length / COLUMNS
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: COLUMNS }, (_, column) => {
      const at = column * rows + row
      return `${String(at + 1).padStart(2)}. ${words[at]!.padEnd(10)}`
    }).join("  "),
  ).join("\n")
}

const TITLE = "Purser: secret key"
const about = (kid: string): string =>
  `Key ${kid}. Without it no backup opens; with it and a backup, everything does. Keep it apart from the backups.`
const HOW = "To use it: purser keys import, then type the 24 words in their order, or scan the code."

export const keysExport: Verb = {
  words: "keys export",
  help: "print the secret key as words and as a QR code, for paper",
  about: [
    "Prints the key that seals now as 24 words (BIP 39, with a checksum) and as a QR code: print it, or write the words down, and keep the paper apart from your backups. A backup without this key opens nothing.",
    "It notes in the database that a copy was made, so that the admin's pages stop reminding. After `keys rotate` they remind again.",
  ],
  options: [
    { name: "out", value: "FILE", help: "write a page to print (HTML) to this file instead of the terminal" },
    { name: "words", help: "the 24 words alone" },
  ],
  examples: [
    { run: "keys export", does: "on a terminal, to be written down" },
    { run: "keys export --out key.html", does: "a page to print; delete the file afterwards" },
  ],
  exits: { 1: "there is no key, or the file is there already" },
  async run({ flags, options, switches }) {
    const config = readConfig(flags, process.env)
    const key = readMasterKeys(config.dataDir, config.secretKey)?.live[0]
    if (!key) throw new KeyringError(`there is no secret.key in ${config.dataDir}, and PURSER_SECRET_KEY is not set`)
    if (options.out !== undefined) {
      writeWhole(options.out, [page(key)])
      console.log(`${options.out} holds the secret key: print it, then delete it.`)
    } else console.log(switches.has("words") ? wordsOf(key) : sheet(key))
    await askPurser(config, "keys-exported")
    return 0
  },
}

const codeOf = (key: Buffer): string => key.toString("hex")

const sheet = (key: Buffer): string =>
  [TITLE, about(kidOf(key)), "", wordTable(key), "", renderUnicodeCompact(codeOf(key), { border: 2 }), "", HOW].join(
    "\n",
  )

/** Nothing in it comes from anybody but us: words of a fixed list, hex, and a drawing of the library. */
const page = (key: Buffer): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${TITLE}</title>
<style>body{font:14pt/1.5 serif;margin:2cm}ol{columns:4;font-family:monospace}svg{width:6cm;height:6cm}</style></head>
<body><h1>${TITLE}</h1><p>${about(kidOf(key))}</p><ol>${wordsOf(key)
  .split(" ")
  .map((word) => `<li>${word}</li>`)
  .join("")}</ol>${renderSVG(codeOf(key), { border: 2 })}<p>${HOW}</p></body></html>
`

export const keysImport: Verb = {
  words: "keys import",
  help: "write secret.key from the words or the code of a paper",
  about: [
    "Reads the 24 words, or the 64 hex digits of the QR code, from standard input and writes `secret.key` into the data folder, which must not have one. If a database is there, the key must open it.",
  ],
  examples: [
    { run: "keys import --data-dir /var/lib/purser", does: "then type the words, and end with Ctrl+D" },
    { run: "keys import < words.txt", does: "from a file" },
  ],
  exits: {
    1: "there is a key already, or the database belongs to another one; nothing was written",
    2: "the words are not a key",
  },
  async run({ flags }) {
    const { dataDir, secretKey } = readConfig(flags, process.env)
    if (readMasterKeys(dataDir, secretKey) !== null)
      throw new KeyringError(`there is a key already (${secretKey ? "PURSER_SECRET_KEY" : keyFileOf(dataDir)})`)
    const key = keyOfText(await Bun.stdin.text())
    refuseOfOtherData(join(dataDir, "purser.db"), key)
    saveMasterKeys({ live: [key], retired: [], file: keyFileOf(dataDir) })
    giveToOwner(dataDir)
    console.log(`${keyFileOf(dataDir)} holds key ${kidOf(key)} now.`)
    return 0
  },
}

function refuseOfOtherData(database: string, key: Buffer): void {
  if (!existsSync(database)) return
  const reader = openReadOnly(database)
  try {
    checkCanary(reader, createKeyring(key))
  } finally {
    reader.close()
  }
}
