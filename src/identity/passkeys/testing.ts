// An authenticator in software, for tests: keys, attestation of nothing and signatures made by hand, and every lie that one can tell.
import type { PasskeyRequest } from "./types.ts"

/** What it says otherwise than a right one would. */
export interface Lies {
  origin?: string
  rpId?: string
  challenge?: string
  type?: string
  crossOrigin?: boolean
  /** Flags: 1 present, 4 verified, 8 may be copied, 16 is copied. */
  flags?: number
  counter?: number
  userHandle?: string | null
  /** Another key signs. */
  forged?: boolean
  credentialId?: string
}

export interface SoftKey {
  readonly credentialId: string
  counter: number
  /** Answers `askNewPasskey`. */
  make(asked: PasskeyRequest, lies?: Lies): Promise<string>
  /** Answers the other questions. */
  use(asked: PasskeyRequest, lies?: Lies): Promise<string>
}

const b64 = (bytes: Uint8Array | ArrayBuffer): string => Buffer.from(bytes as Uint8Array).toString("base64url")
const sha256 = (data: string | Uint8Array): Uint8Array => new Bun.CryptoHasher("sha256").update(data).digest()
const PRESENT_VERIFIED = 0x05
const ATTESTED = 0x40

/** CBOR (RFC 8949) of what an attestation holds: whole numbers, texts, bytes and maps. */
function cbor(value: unknown): Buffer {
  const head = (major: number, size: number): Buffer => {
    if (size < 24) return Buffer.from([(major << 5) | size])
    if (size < 256) return Buffer.from([(major << 5) | 24, size])
    return Buffer.from([(major << 5) | 25, size >> 8, size & 255])
  }
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  const entries = [...(value as Map<unknown, unknown>)]
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, one]) => [cbor(key), cbor(one)])])
}

/** ECDSA signatures of WebAuthn are DER, those of WebCrypto two numbers side by side. */
function der(raw: Uint8Array): Buffer {
  const number = (bytes: Uint8Array): Buffer => {
    let at = 0
    while (at < bytes.length - 1 && bytes[at] === 0) at++
    const short = bytes.subarray(at)
    const whole = short[0]! > 127 ? Buffer.concat([Buffer.from([0]), short]) : Buffer.from(short)
    return Buffer.concat([Buffer.from([2, whole.length]), whole])
  }
  const both = Buffer.concat([number(raw.subarray(0, 32)), number(raw.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, both.length]), both])
}

const newPair = () => crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"])

/** @param syncs whether it may be copied to other devices */
export async function softKey(
  origin: string,
  {
    syncs = false,
    aaguid = Buffer.alloc(16),
    counts = true,
  }: { syncs?: boolean; aaguid?: Buffer; counts?: boolean } = {},
): Promise<SoftKey> {
  const pair = await newPair()
  const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey)
  const credentialId = b64(crypto.getRandomValues(new Uint8Array(32)))
  let userHandle = ""
  const rpId = new URL(origin).hostname
  const base = PRESENT_VERIFIED | (syncs ? 0x18 : 0)

  const clientData = (asked: PasskeyRequest, type: string, lies: Lies): string =>
    JSON.stringify({
      type: lies.type ?? type,
      challenge: lies.challenge ?? asked.options.challenge,
      origin: lies.origin ?? origin,
      crossOrigin: lies.crossOrigin ?? false,
    })
  const authData = (flags: number, counter: number, lies: Lies, rest = Buffer.alloc(0)): Buffer => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    return Buffer.concat([sha256(lies.rpId ?? rpId), Buffer.from([flags]), count, rest])
  }

  const key: SoftKey = {
    credentialId,
    counter: 0,
    async make(asked, lies = {}) {
      userHandle = (asked.options.user as { id: string }).id
      const cose = new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x!, "base64url")],
        [-3, Buffer.from(y!, "base64url")],
      ])
      const id = Buffer.from(credentialId, "base64url")
      const attested = Buffer.concat([aaguid, Buffer.from([id.length >> 8, id.length & 255]), id, cbor(cose)])
      const flags = (lies.flags ?? base) | ATTESTED
      const object = new Map<string, unknown>([
        ["fmt", "none"],
        ["attStmt", new Map()],
        ["authData", authData(flags, lies.counter ?? key.counter, lies, attested)],
      ])
      return JSON.stringify({
        id: lies.credentialId ?? credentialId,
        type: "public-key",
        response: {
          clientDataJSON: b64(Buffer.from(clientData(asked, "webauthn.create", lies))),
          attestationObject: b64(cbor(object)),
          transports: ["internal"],
        },
      })
    },
    async use(asked, lies = {}) {
      if (counts) key.counter += 1
      const said = Buffer.from(clientData(asked, "webauthn.get", lies))
      const data = authData(lies.flags ?? base, lies.counter ?? key.counter, lies)
      const signer = lies.forged ? (await newPair()).privateKey : pair.privateKey
      const signed = Buffer.concat([data, sha256(said)])
      const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signer, signed)
      const handle = lies.userHandle === undefined ? userHandle : lies.userHandle
      return JSON.stringify({
        id: lies.credentialId ?? credentialId,
        type: "public-key",
        response: {
          clientDataJSON: b64(said),
          authenticatorData: b64(data),
          signature: b64(der(new Uint8Array(raw))),
          ...(handle === null ? {} : { userHandle: handle }),
        },
      })
    },
  }
  return key
}
