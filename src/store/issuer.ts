// The issuer is fixed at first run: tokens, links and later passkeys are bound to it (DESIGN §7).
import { ConfigError } from "../app/index.ts"
import type { Reader, Store } from "./types.ts"

/** The origin a data folder was made for; null until its first start got that far. */
export const knownIssuer = (store: Store): string | null => issuerIn(store.read)

/** The same of any reader. */
export const issuerIn = (reader: Reader): string | null =>
  reader.get<{ value: string }>("SELECT value FROM meta WHERE key = 'issuer'")?.value ?? null

/** When the newest commit was, ms UTC; 0 = there is none. */
export const lastCommitMs = (reader: Reader): number =>
  reader.get<{ atMs: number }>("SELECT at_ms AS atMs FROM last_commit WHERE id = 1")?.atMs ?? 0

/**
 * Holds the base URL against the one that the data folder was made for, if any. Closes the store where they differ.
 * @throws ConfigError when they differ
 */
export async function requireIssuer(store: Store, baseUrl: string): Promise<void> {
  const known = knownIssuer(store)
  if (known === null || known === baseUrl) return
  await store.close()
  throw new ConfigError([
    `PURSER_BASE_URL: this data folder belongs to ${known}, not ${baseUrl}; every token and link names it. ` +
      `Start with --base-url ${known}, or use another --data-dir`,
  ])
}

/** Binds a new data folder to its origin. Not before the server listens: a first start that failed is tried with other settings. */
export async function fixIssuer(store: Store, baseUrl: string): Promise<void> {
  if (knownIssuer(store) !== null) return
  await store.write({ actor: "system:boot", requestId: "boot", reason: "first run" }, (tx) =>
    tx.run("INSERT INTO meta (key, value) VALUES ('issuer', ?)", baseUrl),
  )
}
