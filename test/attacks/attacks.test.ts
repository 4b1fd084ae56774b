// The attack list against this server: nothing on it works. And against weakened servers: there it does, so the list can tell.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Copy } from "../scaffold/copy.ts"
import { ATTACKS, KINDS } from "./list.ts"
import { MUTANTS } from "./mutants.ts"
import type { Mutant } from "./weaken.ts"
import { openWorld, type World } from "./world.ts"

const ATTACKS_MIN = 60
const OWN_DATABASE = { PURSER_TEST_DATABASE: "" }

describe("the attack list", () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world?.close())

  test("is long enough, and no name stands twice", () => {
    const names = Object.values(KINDS).flatMap((attacks) => Object.keys(attacks))
    expect(names.length).toBeGreaterThanOrEqual(ATTACKS_MIN)
    expect(new Set(names).size).toBe(names.length)
  })
  test.each(Object.keys(ATTACKS))("repelled: %s", (name) => ATTACKS[name]!(world))
})

describe("weakened servers", () => {
  let copies: Copy[]
  let outcomes: Map<Mutant, string>
  const tryOn = async (copy: Copy, mutant: Mutant): Promise<string> => {
    const undo = copy.edit(mutant.edits)
    const child = Bun.spawn([process.execPath, "test/attacks/main.ts", mutant.lets], {
      cwd: copy.folder,
      // A database that was lent has the tables as they are here.
      env: { ...process.env, ...(mutant.edits.some(({ file }) => file.startsWith("migrations/")) && OWN_DATABASE) },
      stdout: "pipe",
      stderr: "pipe",
    })
    const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    await child.exited
    undo()
    return said.join("")
  }
  beforeAll(async () => {
    // Two at once: one waits for its server while the other attacks.
    copies = [new Copy(), new Copy()]
    outcomes = new Map()
    const left = [...MUTANTS]
    await Promise.all(
      copies.map(async (copy) => {
        copy.bring("test/attacks", "test/conformance/oidc", "test/fakes/issuer")
        for (let next = left.shift(); next; next = left.shift()) outcomes.set(next, await tryOn(copy, next))
      }),
    )
  }, 600_000)
  afterAll(() => copies?.forEach((copy) => void copy.remove()))

  test.each(MUTANTS.map((mutant) => [mutant.lets, mutant] as const))("let it through: %s", (name, mutant) => {
    const said = outcomes.get(mutant)!
    // One attack was tried, and worked: a server that does not start proves nothing either.
    expect(said).toContain(`✗ ${name}:`)
    expect(said).toMatch(/^0 repelled, 1 working$/m)
  })
  test("every advisory of the list has one", () => {
    const named = Object.keys(ATTACKS).filter((name) => /CVE|GHSA/.test(name))
    const held = new Set(MUTANTS.map(({ lets }) => lets))
    expect(named.filter((name) => !held.has(name)).toSorted()).toEqual([])
  })
})
