// What a connection keeps of the statements that it was asked.
import { expect, test } from "bun:test"
import { LIMITS } from "../app/index.ts"
import { openTestStore } from "./index.ts"

test("a connection that has kept all statements it may still answers new ones, and the first again", async () => {
  const { store, close } = await openTestStore()
  const ask = (n: number) => store.read.get<{ n: number }>(`SELECT ${n} AS n`)!.n
  for (let n = 0; n < LIMITS.statementsMax + 50; n++) expect(ask(n)).toBe(n)
  expect([ask(0), ask(LIMITS.statementsMax)]).toEqual([0, LIMITS.statementsMax])
  await close()
})
