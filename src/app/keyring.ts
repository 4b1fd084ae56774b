// Seals secrets at rest and derives keys per purpose. Of several master keys the first seals, and each opens what it sealed.
// Blob: v1.kid.nonce.ciphertext (AES-256-GCM, additional data = where the blob lives; DESIGN §7).
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto"
import { sha256Hex } from "./ids.ts"

export interface Keyring {
  /**
   * Encrypts a text.
   * @param purpose picks the subkey, such as `upstream-key`
   * @param aad where the blob lives (`table:column:row`); it opens nowhere else
   */
  seal(purpose: string, aad: string, plaintext: string): string
  /** Decrypts; throws when the key, the place or the blob is another. */
  open(purpose: string, aad: string, blob: string): string
  /** HMAC-SHA-256 as base64url, under a subkey of its own. */
  hmac(purpose: string, data: string): string
  /** The same under every key that opens, that of now first: for what was given out before the key was exchanged. */
  hmacs(purpose: string, data: string): readonly string[]
}

export class KeyringError extends Error {
  override name = "KeyringError"
}

/** The keyring of the running server, whose keys can be exchanged while it runs. */
export interface MasterKeyring extends Keyring {
  /** Which key seals. */
  readonly kid: string
  /** From now on the first of `live` seals and makes HMACs; all of them open. Those out of use open rows, and nothing else. */
  use(live: readonly Buffer[], retired?: readonly Buffer[]): void
}

/** Names a master key without telling it. */
export const kidOf = (master: Buffer): string => sha256Hex(`kid:${master.toString("hex")}`).slice(0, 8)

/** The key that sealed a blob. */
export const kidOfBlob = (blob: string): string => blob.split(".")[1] ?? ""

interface Key {
  kid: string
  subkey(purpose: string): Buffer
}

function keyOf(master: Buffer): Key {
  if (master.length !== 32) throw new KeyringError("the secret key must be 32 bytes")
  const subkeys = new Map<string, Buffer>()
  return {
    kid: kidOf(master),
    subkey(purpose) {
      let key = subkeys.get(purpose)
      if (!key) {
        key = Buffer.from(hkdfSync("sha256", master, "purser", purpose, 32))
        subkeys.set(purpose, key)
      }
      return key
    },
  }
}

/**
 * @param masters the first seals; a single one is the usual case
 * @param rows keys that are out of use, and the purposes that they still open for: a row that one of them sealed must not be lost, but a
 * cookie that whoever found that key has made must not be believed
 */
export function createKeyring(
  masters: Buffer | readonly Buffer[],
  rows: { retired: readonly Buffer[]; purposes: ReadonlySet<string> } = { retired: [], purposes: new Set() },
): MasterKeyring {
  let keys: Key[] = []
  let retiredKeys: Key[] = []
  const use = (live: readonly Buffer[], retired: readonly Buffer[] = []) => {
    if (live.length === 0) throw new KeyringError("a keyring needs a key")
    keys = live.map(keyOf)
    retiredKeys = retired.map(keyOf)
  }
  use(Buffer.isBuffer(masters) ? [masters] : masters, rows.retired)
  const keyFor = (purpose: string, kid: string | undefined): Key | undefined =>
    [...keys, ...(rows.purposes.has(purpose) ? retiredKeys : [])].find((key) => key.kid === kid)
  const current = (): Key => keys[0]!
  const hmacWith = ({ subkey }: Key, purpose: string, data: string): string =>
    createHmac("sha256", subkey(`hmac:${purpose}`))
      .update(data)
      .digest("base64url")
  return {
    use,
    get kid() {
      return current().kid
    },
    seal(purpose, aad, plaintext) {
      const { kid, subkey } = current()
      const nonce = randomBytes(12)
      const cipher = createCipheriv("aes-256-gcm", subkey(`seal:${purpose}`), nonce).setAAD(Buffer.from(aad))
      const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()])
      return `v1.${kid}.${nonce.toString("base64url")}.${sealed.toString("base64url")}`
    },
    open(purpose, aad, blob) {
      const [version, blobKid, nonce, sealed] = blob.split(".")
      if (version !== "v1" || !nonce || !sealed) throw new KeyringError("not a sealed value")
      const key = keyFor(purpose, blobKid)
      if (!key) {
        const ours = keys.map(({ kid }) => kid).join(", ")
        throw new KeyringError(
          `sealed with another secret key (${blobKid}, this one is ${ours}); use the key file of that data`,
        )
      }
      const bytes = Buffer.from(sealed, "base64url")
      const nonceBytes = Buffer.from(nonce, "base64url")
      const decipher = createDecipheriv("aes-256-gcm", key.subkey(`seal:${purpose}`), nonceBytes)
      decipher.setAAD(Buffer.from(aad)).setAuthTag(bytes.subarray(-16))
      try {
        return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8")
      } catch (cause) {
        throw new KeyringError("a sealed value does not open here", { cause })
      }
    },
    hmac: (purpose, data) => hmacWith(current(), purpose, data),
    hmacs: (purpose, data) => keys.map((key) => hmacWith(key, purpose, data)),
  }
}
