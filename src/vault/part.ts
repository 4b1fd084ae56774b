// What `vault` contributes: the reminder that a backup without its key opens nothing.
import type { Check, Part } from "../part/index.ts"
import { VAULT_SENTENCES } from "./sentences.ts"
import type { Vault } from "./types.ts"

export const vaultPart: Part<{ vault: Pick<Vault, "exportedMs">; config: { demo: boolean } }> = {
  name: "vault",
  sentences: VAULT_SENTENCES,
  run: ({ vault, config }) => {
    const line = () => (config.demo ? [] : [copyOfKey(vault)])
    return { checks: [line], system: [line] }
  },
}

function copyOfKey(vault: Pick<Vault, "exportedMs">): Check {
  const label = "Key"
  if (vault.exportedMs() !== null) return { label, state: "ok", text: "a copy was made" }
  return {
    label,
    state: "warn",
    text: "no copy of the secret key was made",
    remedy: "Run “purser keys export” on the server and keep the page: no backup opens without that key.",
  }
}
