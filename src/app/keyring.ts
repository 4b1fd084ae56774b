// Seals secrets at rest and derives keys per purpose. Owns the master key; it never leaves this module.
// Blob: v1.kid.nonce.ciphertext (AES-256-GCM, additional data = where the blob lives; DESIGN §7).
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto"
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
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
}

export class KeyringError extends Error {
  override name = "KeyringError"
}

export function createKeyring(master: Buffer): Keyring {
  if (master.length !== 32) throw new KeyringError("the secret key must be 32 bytes")
  const kid = sha256Hex(`kid:${master.toString("hex")}`).slice(0, 8)
  const subkeys = new Map<string, Buffer>()
  const subkey = (purpose: string): Buffer => {
    let key = subkeys.get(purpose)
    if (!key) {
      key = Buffer.from(hkdfSync("sha256", master, "purser", purpose, 32))
      subkeys.set(purpose, key)
    }
    return key
  }
  return {
    seal(purpose, aad, plaintext) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv("aes-256-gcm", subkey(`seal:${purpose}`), nonce).setAAD(Buffer.from(aad))
      const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()])
      return `v1.${kid}.${nonce.toString("base64url")}.${sealed.toString("base64url")}`
    },
    open(purpose, aad, blob) {
      const [version, blobKid, nonce, sealed] = blob.split(".")
      if (version !== "v1" || !nonce || !sealed) throw new KeyringError("not a sealed value")
      if (blobKid !== kid) {
        throw new KeyringError(
          `sealed with another secret key (${blobKid}, this one is ${kid}); use the key file of that data`,
        )
      }
      const bytes = Buffer.from(sealed, "base64url")
      const decipher = createDecipheriv("aes-256-gcm", subkey(`seal:${purpose}`), Buffer.from(nonce, "base64url"))
      decipher.setAAD(Buffer.from(aad)).setAuthTag(bytes.subarray(-16))
      try {
        return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8")
      } catch (cause) {
        throw new KeyringError("a sealed value does not open here", { cause })
      }
    },
    hmac: (purpose, data) =>
      createHmac("sha256", subkey(`hmac:${purpose}`))
        .update(data)
        .digest("base64url"),
  }
}

/**
 * The master key: 64 hex digits from configuration, else `secret.key` (0600) in the data folder, made at first run.
 * @throws KeyringError when either is malformed, or the file is readable by others
 */
export function loadMasterKey(dataDir: string, configured: string | null): { key: Buffer; created: boolean } {
  if (configured) return { key: parseKey(configured, "PURSER_SECRET_KEY"), created: false }
  const path = join(dataDir, "secret.key")
  if (existsSync(path)) {
    if ((statSync(path).mode & 0o077) !== 0)
      throw new KeyringError(`${path} can be read by others; run: chmod 600 ${path}`)
    return { key: parseKey(readKey(path), path), created: false }
  }
  const key = randomBytes(32)
  writeDurably(path, `${key.toString("hex")}\n`)
  return { key, created: true }
}

function readKey(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    throw new KeyringError(`cannot read ${path}: ${(error as Error).message}; run Purser as the user that owns it`)
  }
}

/** Whole or not at all, whatever happens to the power: an empty key file beside a durable database would lose every secret. */
function writeDurably(path: string, text: string): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const temporary = `${path}.new`
  rmSync(temporary, { force: true })
  writeFileSync(temporary, text, { mode: 0o600, flag: "wx", flush: true })
  linkSync(temporary, path)
  rmSync(temporary)
  const entry = openSync(folder, "r")
  fsyncSync(entry)
  closeSync(entry)
}

function parseKey(text: string, from: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(text.trim()))
    throw new KeyringError(`${from} must hold 64 hex digits (openssl rand -hex 32)`)
  return Buffer.from(text.trim(), "hex")
}
