// Cross-site request forgery: the browser's own word (Sec-Fetch-Site, Origin) and a token bound to the browser's cookie.
// Every POST of a page passes `check`, before anything else is read from the form. What stands in a page is masked anew in every answer
// (one-time pad and XOR, as in Rails and Django): pages are compressed, and a secret that repeats could be guessed by length (BREACH).
import { randomBytes, timingSafeEqual } from "node:crypto"
import { AppError, type Keyring } from "../app/index.ts"
import { type Browser, createBrowsers, originOf } from "./browser.ts"
import type { Cookies } from "./cookies.ts"
import type { Form } from "./forms.ts"

export interface Csrf {
  browser(request: Request): Browser
  /** The token for one answer. @param person public id of whoever the page is made for */
  token(browserId: string, person?: string): string
  /** @param person who is signed in now: not the form of somebody else's page. @throws AppError csrf_failed */
  check(request: Request, form: Form, person?: string): void
  /** Whose page the form stood on, by a name that means something in this browser only; null for nobody's. @throws AppError csrf_failed */
  ownerOf(request: Request, form: Form): string | null
  /** The same name for a person who is known by other means. @param person public id */
  ownerNamed(request: Request, person: string): string
  isOwner(request: Request, owner: string, person: string): boolean
}

/** 192 bits that prove the browser, and 128 that name the person. */
const PROOF_BYTES = 24
const OWNER_BYTES = 16
const BYTES = PROOF_BYTES + OWNER_BYTES
const NOBODY = Buffer.alloc(OWNER_BYTES)

/** @param deps.originOf the origin that pages of this request stand on */
export function createCsrf(deps: { keyring: Keyring; cookies: Cookies; originOf: (request: Request) => string }): Csrf {
  const { keyring, cookies, originOf: ownOf } = deps
  /** With the key of now first; pages from before it was exchanged have what an older one made. */
  const parts = (purpose: string, data: string, bytes: number): [Buffer, ...Buffer[]] =>
    keyring.hmacs(purpose, data).map((hmac) => Buffer.from(hmac, "base64url").subarray(0, bytes)) as [Buffer]
  const browser = createBrowsers(cookies, ownOf)
  const proofs = (browserId: string) => parts("csrf", browserId, PROOF_BYTES)
  const owners = (browserId: string, person: string) => parts("csrf-owner", `${browserId}\n${person}`, OWNER_BYTES)
  const isOneOf = (given: Buffer, known: readonly Buffer[]): boolean =>
    known.some((each) => timingSafeEqual(given, each))
  /** The id that the token proves, and the owner it names. @throws AppError csrf_failed */
  function verify(request: Request, form: Form): { id: string; owner: Buffer } {
    const sent = unmasked(form.get("csrf"))
    const id = sent && browser(request).ids.find((each) => isOneOf(sent.proof, proofs(each)))
    if (id && originOf(request, ownOf(request)) !== "foreign") return { id, owner: sent.owner }
    throw new AppError(
      "csrf_failed",
      "This form was open too long or came from another site. Go back, reload the page and send it again.",
      {},
      { site: request.headers.get("sec-fetch-site"), sender: request.headers.get("origin") },
    )
  }

  return {
    browser,
    token: (id, person) =>
      masked(Buffer.concat([proofs(id)[0], person === undefined ? NOBODY : owners(id, person)[0]])),
    check(request, form, person) {
      const { id, owner } = verify(request, form)
      if (person === undefined || timingSafeEqual(owner, NOBODY) || isOneOf(owner, owners(id, person))) return
      throw new AppError(
        "csrf_failed",
        "Somebody else signed in here since this form was opened. Go back, reload the page and look who is signed in.",
      )
    },
    ownerOf(request, form) {
      const { owner } = verify(request, form)
      return timingSafeEqual(owner, NOBODY) ? null : owner.toString("base64url")
    },
    ownerNamed: (request, person) => owners(browser(request).id, person)[0].toString("base64url"),
    isOwner(request, owner, person) {
      const named = Buffer.from(owner, "base64url")
      if (named.length !== OWNER_BYTES) return false
      return browser(request).ids.some((id) => isOneOf(named, owners(id, person)))
    },
  }
}

/** A fresh pad, and the secret under it. */
function masked(secret: Buffer): string {
  const bytes = Buffer.concat([randomBytes(BYTES), secret])
  for (let at = 0; at < BYTES; at++) bytes[BYTES + at]! ^= bytes[at]!
  return bytes.toString("base64url")
}

/** Only what `masked` writes, letter by letter. */
function unmasked(token: string): { proof: Buffer; owner: Buffer } | null {
  const bytes = Buffer.from(token, "base64url")
  if (bytes.length !== 2 * BYTES || bytes.toString("base64url") !== token) return null
  const secret = bytes.subarray(BYTES)
  for (let at = 0; at < BYTES; at++) secret[at]! ^= bytes[at]!
  return { proof: secret.subarray(0, PROOF_BYTES), owner: secret.subarray(PROOF_BYTES) }
}
