// The door of the lists that the executable carries: fingerprints of domains and passwords, asked for without asking anybody else.
import { BREACHED } from "./breached.ts"
import { DISPOSABLE } from "./disposable.ts"

const BYTES = 5

/** Decoded with the first question: most processes ask none. */
function listOf(base64: string): (word: string) => boolean {
  let list: Buffer | null = null
  return (word) => {
    list ??= Buffer.from(base64, "base64")
    const wanted = new Bun.CryptoHasher("sha256").update(word).digest().subarray(0, BYTES)
    let low = 0
    let high = list.length / BYTES
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = wanted.compare(list, middle * BYTES, (middle + 1) * BYTES)
      if (order === 0) return true
      if (order < 0) high = middle
      else low = middle + 1
    }
    return false
  }
}

const isListed = listOf(DISPOSABLE)
const isInLeaks = listOf(BREACHED)

/** A domain, or one that it lies below, gives addresses that are thrown away. @param domain ASCII, lower case */
export function isDisposable(domain: string): boolean {
  const labels = domain.split(".")
  return labels.some((_, at) => at < labels.length - 1 && isListed(labels.slice(at).join(".")))
}

/** One of the passwords that leaks have most often; case does not help. */
export const isBreached = (password: string): boolean => isInLeaks(password.toLowerCase())
