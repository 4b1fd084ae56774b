// `purser keys list|rotate|reseal`: which secret keys there are, and a new one in place of the old while the server runs.
import { join } from "node:path"
import { type Config, KeyringError, readConfig, readMasterKeys } from "../app/index.ts"
import { DECLARED } from "../compose.ts"
import { openReadOnly } from "../store/index.ts"
import { type VaultState, vaultState } from "../vault/index.ts"
import { moment } from "./migrate.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"
import { askPurser } from "./with-app.ts"

export const keysList: Verb = {
  words: "keys list",
  help: "say which secret keys there are, and what each seals",
  about: [
    "Names the secret keys by a fingerprint, never by their value: which one seals now, which older ones still open, whether a copy was made, and how many rows each kind of secret has under them. Reads only.",
  ],
  options: [JSON_OPTION],
  examples: [{ run: "keys list", does: "before and after `keys rotate`" }],
  exits: { 1: "there is no database or no key" },
  async run({ flags, switches }) {
    const state = stateOf(readConfig(flags, process.env))
    console.log(switches.has("json") ? JSON.stringify(state, null, 2) : stateText(state))
    return 0
  },
}

/** @throws KeyringError when there is no key, OpenError when there is no database */
export function stateOf({ dataDir, secretKey }: Config): VaultState {
  const reader = openReadOnly(join(dataDir, "purser.db"))
  try {
    const keys = readMasterKeys(dataDir, secretKey)
    if (!keys) throw new KeyringError(`there is no secret.key in ${dataDir}, and PURSER_SECRET_KEY is not set`)
    return reader.snapshot(() => vaultState(reader, keys, DECLARED.sealed))
  } finally {
    reader.close()
  }
}

function stateText({ kid, old, retired, file, exportedMs, sealed }: VaultState): string {
  const width = Math.max(...sealed.map(({ what }) => what.length))
  return [
    `${kid}  seals now, from ${file ?? "PURSER_SECRET_KEY"}; ${exportedMs ? `copied ${moment(exportedMs)}` : "no copy was made"}`,
    ...old.map((one) => `${one}  still opens; "purser keys reseal" takes it out of use`),
    ...retired.map((one) => `${one}  out of use; backups from before open with it`),
    "",
    ...sealed.map(
      (one) =>
        `${one.what.padEnd(width)}  ${one.current} with the key of now, ${one.old} with older ones${one.lost > 0 ? `, ${one.lost} with a key that is not here` : ""}`,
    ),
  ].join("\n")
}

export const keysRotate: Verb = {
  words: "keys rotate",
  help: "put a new secret key in use; the old one still opens",
  about: [
    "Makes a new secret key that seals from now on, while the server runs or is stopped. Nothing is lost: the old key still opens what it sealed, until `purser keys reseal`.",
    "People stay signed in, and pages that are open go on until `keys reseal`: after that they have to be loaded again before their forms are taken. Codes that were just mailed have to be asked for anew.",
    "Make a copy of the new key afterwards (`purser keys export`): a backup from now on opens with it alone. Keep the copy of the old one for older backups.",
  ],
  examples: [{ run: "keys rotate", does: "when somebody who had the key leaves, or once a year" }],
  exits: {
    1: "the key comes from PURSER_SECRET_KEY: the message says how to change it there",
    3: "the folder is in use, but its server does not answer",
  },
  async run({ flags }) {
    const { result } = await askPurser(readConfig(flags, process.env), "keys-rotate")
    const { kid, old } = result as { kid: string; old: string }
    console.log(`${kid} seals from now on; ${old} still opens.`)
    console.log("Next: purser keys reseal, then purser keys export.")
    return 0
  },
}

export const keysReseal: Verb = {
  words: "keys reseal",
  help: "seal every secret with the newest key, and take older keys out of use",
  about: [
    "Opens every sealed value with the key that sealed it and seals it with the newest, a few hundred rows a commit, while the server runs. Then older keys are out of use: they stay in the key file as comments, because backups from before need them, and open nothing but a row that was sealed with one all the same.",
  ],
  examples: [{ run: "keys reseal", does: "after `keys rotate`" }],
  exits: { 1: "something does not open with the keys that are there" },
  async run({ flags }) {
    const { result } = await askPurser(readConfig(flags, process.env), "keys-reseal")
    const { sealed, lost, retired } = result as {
      sealed: { what: string; rows: number }[]
      lost: number
      retired: string[]
    }
    for (const { what, rows } of sealed) if (rows > 0) console.log(`${rows} ${what}`)
    console.log(retired.length > 0 ? `Out of use: ${retired.join(", ")}.` : "No key was taken out of use.")
    if (lost === 0) return 0
    console.error(`purser: ${lost} values are sealed with a key that is not here; see purser keys list`)
    return 1
  },
}
