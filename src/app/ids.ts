// Identifiers. Public ids are a prefix and a ULID; secrets are 256 random bits. Source of randomness: the platform CSPRNG.
import { timingSafeEqual } from "node:crypto"
import { monotonicFactory } from "ulid"
import { type Clock, systemClock } from "./clock.ts"

export type IdPrefix =
  | "card"
  | "usr"
  | "cli"
  | "txn"
  | "req"
  | "gnt"
  | "con"
  | "ses"
  | "upm"
  | "evt"
  | "hld"
  | "lot"
  | "job"
  | "aud"
  | "jti"
  | "sec"
  | "pay"
  | "key"
  | "psk"
  | "hsm"
  | "lim"
  | "ins"
  | "ord"
  | "cpn"
  | "red"
  | "rst"
  | "sgn"
  | "rfd"
  | "dsp"
  | "exp"
  | "ext"
  | "mcg"
  | "mcs"
  | "pub"
  | "prd"
  | "mpl"
  | "epd"
  | "msb"
  | "mky"
  | "mrv"
  | "mrf"
  | "gde"
  | "chg"
  | "ctc"
  | "faq"
  | "apk"
  | "atr"
  | "pym"
  | "pyf"
  | "pyd"
  | "ptx"
  | "whe"
  | "whd"
  | "sht"
  | "ntc"
  | "sup"
  | "video"
  | "ann"
  | "pky"
  | "ora"
  | "tea"
  | "tin"

export interface Ids {
  /** A new public id such as `usr_01K…`; sorts by creation time. */
  next(prefix: IdPrefix): string
}

export function createIds(clock: Clock = systemClock): Ids {
  const ulid = monotonicFactory(randomPart())
  return { next: (prefix) => `${prefix}_${ulid(clock.now())}` }
}

const ulidAt = monotonicFactory(randomPart())
/** The same where only a mutation is at hand: of its moment. */
export const idAt = (prefix: IdPrefix, ms: number): string => `${prefix}_${ulidAt(ms)}`

/** Numbers from 0 to 1, drawn many at a time: each millisecond's first id takes sixteen, and asking for one costs as much as for all. */
function randomPart(): () => number {
  const drawn = new Uint32Array(256)
  let at = drawn.length
  return () => {
    if (at === drawn.length) {
      crypto.getRandomValues(drawn)
      at = 0
    }
    return drawn[at++]! / 2 ** 32
  }
}

/** 256 random bits, base64url (43 characters). */
export const randomSecret = (bytes = 32): string => crypto.getRandomValues(Buffer.alloc(bytes)).toString("base64url")

/** SHA-256 as lowercase hex; enough at rest for secrets that carry 256 random bits (SPEC §2, "key hashing"). */
export const sha256Hex = (text: string): string => Bun.SHA256.hash(text, "hex")

/** Compares two strings of one length in constant time. */
export function constantTimeEqual(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}

declare const rowIdBrand: unique symbol

/** A row's integer key. Those of different tables cannot be taken for each other; a brand costs nothing when it runs. */
export type RowId<Names extends string> = number & { readonly [rowIdBrand]: { readonly [Name in Names]: true } }

/** Rows and inserts come branded from the tables' descriptions. Only where an id enters as a plain number it is named by these. */
const named =
  <Id extends RowId<string>>() =>
  (value: number): Id =>
    value as Id

/** Who may own credits, a client, a call: people today. */
export type PrincipalId = RowId<"principal">
export const PrincipalId = named<PrincipalId>()
/** A person is the principal of the same number. */
export type UserId = RowId<"principal" | "user">
export const UserId = named<UserId>()
export type ClientId = RowId<"client">
export const ClientId = named<ClientId>()
export type UpstreamId = RowId<"upstream">
export const UpstreamId = named<UpstreamId>()
/** What kind of call, of which model, where, at which prices: a row of `usage_routes`. */
export type RouteId = RowId<"route">
export const RouteId = named<RouteId>()
/** A person's own key for direct calls. */
export type KeyId = RowId<"key">
export const KeyId = named<KeyId>()

/** The ledger's. */
export type AccountId = RowId<"account">
export const AccountId = named<AccountId>()
export type LotId = RowId<"lot">
export const LotId = named<LotId>()
export type HoldId = RowId<"hold">
export const HoldId = named<HoldId>()
/** A place in the books: of a charge or of any other transaction. */
export type TransactionId = RowId<"transaction">
export const TransactionId = named<TransactionId>()
