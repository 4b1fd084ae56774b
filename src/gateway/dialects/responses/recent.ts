// What was just said, for SDKs that go on by naming an answer's items by their ids, because they take answers for kept unless told
// otherwise (Vercel's AI SDK). In memory, for a while: never in the database or a log, and nothing of `store: false`.
// Each item is sealed with its own id, of which only a hash stays here: who has the answer can name its items, and nobody else reads them.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto"
import { type Clock, MINUTE_MS } from "../../../app/index.ts"
import type { Caller } from "../../caller.ts"
import { isObject, type Json } from "../checks.ts"

export interface RecentLimits {
  /** An item is known so long after it was last named, at least; twice as long at most. Milliseconds. */
  turnMs: number
  /** Sealed bytes of all callers in one generation, of two. */
  bytesMax: number
  /** And of one caller: none pushes out all others. */
  callerBytesMax: number
}

const RECENT_LIMITS: RecentLimits = {
  // Tools that people answer take minutes; a conversation that rests for longer is sent whole by whoever wants to go on with it.
  turnMs: 30 * MINUTE_MS,
  bytesMax: 32 * 1024 * 1024,
  callerBytesMax: 16 * 1024 * 1024,
}

interface Generation {
  items: Map<string, Buffer>
  bytes: number
  byCaller: Map<string, number>
}

/** Sealed items by their hashes, for who carries them over a restart. */
export interface Generations {
  turnedMs: number
  young: ReadonlyMap<string, Buffer>
  old: ReadonlyMap<string, Buffer>
}
const generation = (): Generation => ({ items: new Map(), bytes: 0, byCaller: new Map() })

export class RecentItems {
  private young = generation()
  private old = generation()
  private turnedMs: number

  constructor(
    private readonly clock: Clock,
    private readonly limits: RecentLimits = RECENT_LIMITS,
  ) {
    this.turnedMs = clock.now()
  }

  /** Of both generations. */
  get bytes(): number {
    return this.young.bytes + this.old.bytes
  }

  /** Those of an answer that have an id. */
  remember(caller: Caller, items: readonly unknown[]): void {
    this.forget()
    const owner = ownerOf(caller)
    for (const item of items) {
      if (!isObject(item) || typeof item.id !== "string") continue
      const { name, key } = namesOf(owner, item.id)
      this.put(owner, name, sealed(key, JSON.stringify(item)))
    }
  }

  /** Null where it is not known, or no more. */
  find(caller: Caller, id: string): Json | null {
    this.forget()
    const owner = ownerOf(caller)
    const { name, key } = namesOf(owner, id)
    const found = this.young.items.get(name) ?? this.old.items.get(name)
    if (!found) return null
    if (!this.young.items.has(name)) this.put(owner, name, found)
    return JSON.parse(opened(key, found)) as Json
  }

  known(): Generations {
    this.forget()
    return { turnedMs: this.turnedMs, young: this.young.items, old: this.old.items }
  }

  /** What another process knew; to be called first. Whose it is it does not say, so a caller's bound begins anew. */
  learn({ turnedMs, young, old }: Generations): void {
    const learnt = (items: ReadonlyMap<string, Buffer>): Generation => {
      const bytes = [...items.values()].reduce((sum, { length }) => sum + length, 0)
      return { items: new Map(items), bytes, byCaller: new Map() }
    }
    this.young = learnt(young)
    this.old = learnt(old)
    this.turnedMs = Math.min(turnedMs, this.clock.now())
    this.forget()
  }

  /** What nobody named for so long is gone; also where no call comes any more. */
  forget(): void {
    const turns = Math.floor((this.clock.now() - this.turnedMs) / this.limits.turnMs)
    if (turns === 0) return
    this.turnedMs += turns * this.limits.turnMs
    this.turn(turns > 1)
  }

  private turn(isEmpty: boolean): void {
    this.old = isEmpty ? generation() : this.young
    this.young = generation()
  }

  private put(owner: string, name: string, bytes: Buffer): void {
    const own = (this.young.byCaller.get(owner) ?? 0) + bytes.length
    if (own > this.limits.callerBytesMax) return
    if (this.young.bytes + bytes.length > this.limits.bytesMax) this.turn(false)
    this.young.bytes += bytes.length - (this.young.items.get(name)?.length ?? 0)
    this.young.byCaller.set(owner, own)
    this.young.items.set(name, bytes)
  }
}

/** A person through one app, or by one key. */
const ownerOf = ({ userId, clientId, keyId, mode }: Caller): string =>
  `${userId}.${clientId ?? ""}.${keyId ?? ""}.${mode}`

/** The half that finds an item says nothing of the half that opens it. */
function namesOf(owner: string, id: string): { name: string; key: Buffer } {
  const digest = createHash("sha512").update(`${owner}\n${id}`).digest()
  return { name: digest.toString("base64url", 0, 32), key: digest.subarray(32) }
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

function sealed(key: Buffer, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv("aes-256-gcm", key, nonce)
  return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()])
}

function opened(key: Buffer, bytes: Buffer): string {
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
  return Buffer.concat([text, decipher.final()]).toString("utf8")
}
