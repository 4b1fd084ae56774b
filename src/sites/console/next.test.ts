import { expect, test } from "bun:test"
import { UserId } from "../../app/index.ts"
import type { User } from "../../identity/index.ts"
import type { ConsentWithClient } from "../../oauth/index.ts"
import { type NextDeps, nextOf } from "./next.ts"

const ME = UserId(1)
const PEOPLE: Record<number, Partial<User>> = {
  2: { isAdmin: true, status: "active" },
  3: { isAdmin: false, status: "active" },
  4: { isAdmin: true, status: "suspended" },
}
const appOf = (ownerId: number, name: string) => ({
  ownerId: UserId(ownerId),
  name,
  homepageUrl: `https://${name}.example/`,
})

const deps = (changes: { demo?: boolean; linked?: boolean; many?: boolean } = {}): NextDeps => ({
  oauth: {
    consentsOf: () => (changes.linked ? [{} as ConsentWithClient] : []),
    appsToOpen: (limit) =>
      changes.many
        ? Array.from({ length: limit }, (_, index) => appOf(2, `app${index}`))
        : [appOf(2, "operator"), appOf(3, "stranger"), appOf(4, "gone"), appOf(5, "nobody")],
  },
  identity: { userById: (id) => (PEOPLE[id] as User | undefined) ?? null },
  developers: { developerOf: () => null },
  web: { demo: changes.demo ?? false },
})

test("only apps of the operator are recommended, and in a demo all", () => {
  expect(nextOf(deps(), ME)?.apps).toEqual([{ name: "operator", href: "https://operator.example/" }])
  expect(nextOf(deps({ demo: true }), ME)?.apps.map(({ name }) => name)).toContain("stranger")
})

test("a few, and nothing once an app is linked", () => {
  expect(nextOf(deps({ many: true }), ME)?.apps).toHaveLength(6)
  expect(nextOf(deps({ linked: true }), ME)).toBeUndefined()
})
