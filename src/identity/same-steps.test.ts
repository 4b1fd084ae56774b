// Known and unknown addresses take the same steps, by spy: the same statements in the same order, and the same hashes. What the steps answer is
// compared byte by byte in test/attacks.
import { expect, test } from "bun:test"
import type { Store, Tx } from "../store/index.ts"
import { newVisitor, openIdentity, PASSWORD } from "./testing.ts"

/** Notes every statement, in reads and in mutations. */
function spied(store: Store, asked: string[]): Store {
  const noting = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const value = Reflect.get(of, name) as unknown
        if (typeof value !== "function") return value
        if (!["get", "all", "run", "insert"].includes(String(name))) return value.bind(of)
        return (sql: string, ...rest: unknown[]) => {
          asked.push(`${String(name)} ${sql}`)
          return value.call(of, sql, ...rest)
        }
      },
    })
  return new Proxy(store, {
    get(of, name) {
      if (name === "read") return noting(of.read)
      if (name === "write")
        return (ctx: never, mutation: (tx: Tx) => unknown, options?: never) =>
          of.write(ctx, (tx) => mutation(noting(tx)) as never, options)
      const value = Reflect.get(of, name) as unknown
      return typeof value === "function" ? value.bind(of) : value
    },
  })
}

test("signing in, signing up and a new password: the same statements and hashes, with an account and without", async () => {
  const t = await openIdentity()
  await t.join("known@example.com")
  const asked: string[] = []
  const spy = await openIdentity({ store: spied(t.store, asked) })
  const steps = async (act: () => Promise<unknown>) => {
    asked.length = 0
    const before = { ...spy.hashing }
    await act().catch(() => null)
    const { hashes, verifications } = spy.hashing
    // Mails differ: the owner of an account is told, by the same statement.
    return { asked: [...asked], hashes: hashes - before.hashes, verifications: verifications - before.verifications }
  }
  const acts = {
    login: (email: string) => spy.identity.login(newVisitor(), { email, password: "a wrong password" }),
    signUp: (email: string) => spy.identity.signUp(newVisitor(), { email, password: PASSWORD }),
    reset: (email: string) => spy.identity.requestPasswordReset(newVisitor(), { email }),
  }
  for (const [name, act] of Object.entries(acts)) {
    const known = await steps(() => act("known@example.com"))
    const unknown = await steps(() => act("nobody@example.com"))
    expect([name, known]).toEqual([name, unknown])
    expect([name, known.asked.length > 5, name === "reset" || known.hashes + known.verifications > 0]).toEqual([
      name,
      true,
      true,
    ])
  }
  await t.close()
  await spy.close()
})
