// A whole identity over a real database and outbox for tests: virtual clock, hashing (counted), the mails.
import { createIds, createKeyring, silentLog, VirtualClock } from "../app/index.ts"
import { createSafeFetch } from "../http/index.ts"
import { createMails, type Mail, type MailPayload } from "../mail/index.ts"
import { createOutbox, type OutboxMessage } from "../outbox/index.ts"
import { createLifecycle } from "../part/index.ts"
import { openTestStore, type StoreFaults, type Tx } from "../store/index.ts"
import {
  createHasher,
  createIdentity,
  type Identity,
  type IdentityDeps,
  identityPart,
  type StartedSession,
  type Visitor,
} from "./index.ts"

export const PASSWORD = "correct horse battery"

/** Real argon2id that takes no time: for tests of what passwords open, not of what guessing them costs. */
export const QUICK_HASHES = { memoryKib: 8, passes: 1 }

let visitors = 0
/** Another browser on another network. */
export const newVisitor = (rest: Partial<Visitor> = {}): Visitor => {
  visitors += 1
  return {
    requestId: `req_${visitors}`,
    browserId: `browser-${visitors}`,
    ip: `198.51.${visitors >> 8}.${visitors & 255}`,
    userAgent: "Firefox on Linux",
    ...rest,
  }
}

/** Signs in somebody who has no second step. */
export async function logIn(
  identity: Pick<Identity, "login">,
  ...by: Parameters<Identity["login"]>
): Promise<StartedSession> {
  const entered = await identity.login(...by)
  if ("step" in entered) throw new Error("a code is asked for")
  return entered
}

export async function openIdentity(
  options: Partial<IdentityDeps> & {
    enqueueIn?: (tx: Tx, message: OutboxMessage) => string
    faults?: StoreFaults
    /** Hashes that cost what they cost in production. */
    slowHashes?: boolean
  } = {},
) {
  const clock = new VirtualClock()
  const opened = await openTestStore({ clock, ...(options.faults ? { faults: options.faults } : {}) })
  const keyring = createKeyring(Buffer.alloc(32, 7))
  const queued: OutboxMessage[] = []
  const hashing = { hashes: 0, verifications: 0 }
  const ids = createIds(clock)
  const outbox = createOutbox({ store: opened.store, clock, ids, log: silentLog })
  const real = createHasher(4, 1_000, options.slowHashes ? undefined : QUICK_HASHES)
  const enqueueIn = (tx: Tx, message: OutboxMessage): string => {
    tx.afterCommit(() => queued.push(message))
    return outbox.enqueueIn(tx, message)
  }
  const sent: Mail[] = []
  const letters = createMails({
    letters: identityPart.letters ?? [],
    house: { productName: "Purser", baseUrl: "https://ai.example.com" },
    store: opened.store,
    clock,
    keyring,
    outbox: { enqueueIn: options.enqueueIn ?? enqueueIn },
    mailer: { send: async (mail) => String(sent.push(mail)) },
  })
  outbox.handle("mail", letters.deliver)
  const deps: IdentityDeps = {
    store: opened.store,
    clock,
    ids,
    keyring,
    mails: letters,
    lifecycle: createLifecycle(),
    outbox: { enqueueIn: options.enqueueIn ?? enqueueIn },
    log: silentLog,
    issuerFetch: createSafeFetch({ allow: ["127.0.0.1"] }),
    baseUrl: "https://ai.example.com",
    hasher: {
      withSlot: (work) =>
        real.withSlot((slot) =>
          work({
            hash(password) {
              hashing.hashes += 1
              return slot.hash(password)
            },
            verify(password, hash) {
              hashing.verifications += 1
              return slot.verify(password, hash)
            },
            isCurrent: slot.isCurrent,
          }),
        ),
    },
    ...options,
  }
  const identity: Identity = createIdentity(deps)
  const mails = () => queued.map((message) => letters.compose(message.payload as MailPayload))
  const lastCode = (): string => /\d{6}/.exec(mails().findLast((mail) => mail !== null)!.subject)![0]
  /** Signs a person up and in, through the mail. */
  const join = async (email: string, visitor = newVisitor()) => {
    await identity.signUp(visitor, { email, password: PASSWORD, name: "Ada" })
    return { visitor, ...(await identity.verifySignUp(visitor, lastCode())) }
  }
  /** The same identity started again on the same database. */
  const restart = () => createIdentity(deps)
  return { ...opened, clock, identity, keyring, outbox, queued, sent, hashing, mails, lastCode, join, restart }
}

export type Opened = Awaited<ReturnType<typeof openIdentity>>

/** A code that is not this one. */
export const otherCode = (code: string, step = 1): string => String((Number(code) + step) % 1_000_000).padStart(6, "0")
