// For this domain's tests only: a real store and people who can be suspended and be admins.
import { AppError, createIds, silentLog, UserId, VirtualClock } from "../app/index.ts"
import { openTestStore, type Tx, testCtx } from "../store/index.ts"
import { type CreateKey, createKeys, type Keys, type KeysDeps } from "./index.ts"

class People {
  readonly suspended = new Set<number>()
  readonly admins = new Set<number>()
  userById = (id: number) => ({
    id: UserId(id),
    publicId: `usr_${id}`,
    email: `p${id}@example.com`,
    emailVerified: true,
    isAdmin: this.admins.has(id),
  })
  isSuspended = (id: number) => this.suspended.has(id)
  requireActiveIn = (_tx: Tx, id: number) => {
    if (this.suspended.has(id)) throw new AppError("account_suspended", "This account is suspended.")
    return { emailVerified: true }
  }
}

export async function openKeys() {
  const { store, clock, close } = await openTestStore({ clock: new VirtualClock(Date.UTC(2026, 5, 1, 12)) })
  const people = new People()
  const mails: { kind: string; to: string; data: unknown }[] = []
  const deps: KeysDeps = {
    store,
    clock,
    ids: createIds(clock),
    log: silentLog,
    mails: { queueIn: (_, { kind }, { to, data }) => void mails.push({ kind, to, data }) },
    identity: people,
  }
  const kit = {
    store,
    clock,
    people,
    mails,
    close,
    keys: createKeys(deps),
    /** The same data after a restart. */
    restart() {
      kit.keys = createKeys(deps)
    },
    make: (input: Partial<CreateKey> = {}) =>
      kit.keys.create(testCtx, { userId: UserId(1), name: "Server", scopes: ["llm"], ...input }),
    /** What a request with this secret meets: "alive" or the code of the refusal. */
    asks: (secret: string, address = "192.0.2.1") =>
      code(() => kit.keys.assertAlive(kit.keys.claimsOf(secret), () => address)),
    /** The same inside a body that spends, with what was looked up before. */
    holds: (claims: ReturnType<Keys["claimsOf"]>, scope: "llm" | "embeddings" | "manage" = "llm") =>
      store.write(testCtx, (tx) => code(() => kit.keys.requireKeyIn(tx, claims, scope))),
  }
  return kit
}

function code(ask: () => unknown): string {
  try {
    ask()
    return "alive"
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
