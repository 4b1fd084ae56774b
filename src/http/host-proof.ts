// Whose host it is, shown by whoever claims it: a DNS record, or a file on the host itself. The token is public: it names who claims, and lets
// nobody in. Who may claim what, and what a proof is good for, is the business of whoever asks.
import { resolveTxt } from "node:dns/promises"
import { withoutTrailing } from "../app/index.ts"
import type { SafeFetch } from "./safe-fetch.ts"

const WORD = "purser-verification"
const FILE = `/.well-known/${WORD}.txt`

export const HOST_PROOF_LIMITS = {
  /** Pause between two looks at one host: it is somebody's server, and a name's records are cached anyway. */
  everyMs: 10_000,
  /** For the record, and for the file. */
  lookMs: 10_000,
  /** The file is one line. */
  bytesMax: 4_096,
} as const

export interface Proving {
  /** TXT records of a name; rejects where there are none. */
  resolveTxt(name: string): Promise<string[][]>
}

export const systemDns: Proving = { resolveTxt }

/** What whoever claims a host has to publish: one of the two. */
export const proofWords = (host: string, token: string) => ({
  dnsName: `_${WORD}.${host}`,
  dnsValue: `${WORD}=${token}`,
  fileUrl: `https://${host}${FILE}`,
  fileText: `${WORD}=${token}`,
})

/** A host name, from a name or an address; null: it is none that could be proven. */
export function provableHost(raw: string): string | null {
  const text = raw.trim().toLowerCase()
  const url = /^https?:\/\//.test(text) ? text : `https://${text}`
  const host = URL.canParse(url) ? withoutTrailing(new URL(url).hostname, ".") : ""
  const isName = /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(host)
  return isName && host.length <= 253 ? host : null
}

/** Looks for the record, then for the file. @returns null: neither is there */
export async function lookForProof(
  { dns, safeFetch }: { dns: Proving; safeFetch: SafeFetch },
  { host, token }: { host: string; token: string },
): Promise<"dns" | "file" | null> {
  const words = proofWords(host, token)
  if (await inDns(dns, words)) return "dns"
  return (await inFile(safeFetch, words)) ? "file" : null
}

/** What is known of a proof that is looked for again and again. */
export interface Seen<By extends string> {
  provenMs: number | null
  provenBy: By | "dns" | "file" | null
  /** Since when neither record nor file was found; it counts for a while. */
  missingMs: number | null
}

/** Found, missed for the first time, missed for a while, or for longer than `keptMs`: then it is none any more. Pure. */
export function seenAgain<By extends string, Row extends Seen<By>>(
  row: Row,
  by: "dns" | "file" | null,
  { nowMs, keptMs }: { nowMs: number; keptMs: number },
): Row {
  if (by !== null) return { ...row, provenBy: by, missingMs: null }
  if (row.missingMs === null) return { ...row, missingMs: nowMs }
  if (nowMs - row.missingMs < keptMs) return row
  return { ...row, provenMs: null, provenBy: null, missingMs: null }
}

type Words = ReturnType<typeof proofWords>

async function inDns(dns: Proving, { dnsName, dnsValue }: Words): Promise<boolean> {
  const late = new Promise<string[][]>((done) => setTimeout(done, HOST_PROOF_LIMITS.lookMs, []).unref())
  const records = await Promise.race([dns.resolveTxt(dnsName), late]).catch(() => [])
  return records.some((parts) => parts.join("").trim() === dnsValue)
}

async function inFile(safeFetch: SafeFetch, { fileUrl, fileText }: Words): Promise<boolean> {
  const { bytesMax, lookMs } = HOST_PROOF_LIMITS
  const answer = await safeFetch(fileUrl, { bytesMax, deadlineMs: lookMs }).catch(() => null)
  // A line of its own: a page that repeats what it was asked for proves nothing.
  return (
    answer?.status === 200 &&
    answer
      .text()
      .split(/\r?\n/)
      .some((line) => line.trim() === fileText)
  )
}
