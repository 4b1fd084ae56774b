// /developer/test-users: people of a developer's apps in test mode, made by a press and shown with their password once.
import { TestUserRemovePage, type TestUserRow, TestUsersPage } from "../../../views/portal/test-users.tsx"
import { credits, ensure } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { TEST_USER_LIMITS, type TestUser } from "../../identity/index.ts"
import { principal } from "../../ledger/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const PATH = "/developer/test-users"
/** What it has to spend in test mode, for as long as it is there: as much as its developer takes by a press. */
const TEST_CREDITS = credits(10_000)

const MAKE = button("Make a test user")
const LINK = button("Sign-in link")
/** What tells a link from an address and its password. */
const LINK_OF = "link:"

export function testUserRoutes(site: PortalSite, deps: PortalDeps): void {
  const { identity, store, developers, ledger } = deps
  site.get(PATH, (page) => list(deps, page))
  site.post(PATH, {
    form: MAKE,
    // It opens apps of this developer in test mode alone, which an hour at this browser could do as well.
    fresh: () => false,
    async act(page) {
      const { userId } = page.session
      const made = await identity.makeTestUser(page.ctx("made a test user"), userId, (tx, id) => {
        developers.requireDeveloperIn(tx, userId)
        ledger.grantIn(tx, {
          owner: principal(id),
          mode: "test",
          type: "bonus",
          bucket: "bonus",
          paid: false,
          amountNano: TEST_CREDITS,
          effectiveMs: tx.now,
          expiresMs: tx.now + TEST_USER_LIMITS.keptMs,
          key: `test-user:${id}`,
        })
      })
      return { to: PATH, secret: `${made.user.email} ${made.password}` }
    },
    back: () => PATH,
  })
  site.post(`${PATH}/:testuser/link`, {
    form: LINK,
    load: (_page, { testuser }) => testuser,
    // It signs in to apps of this developer in test mode alone, for ten minutes.
    fresh: () => false,
    async act(page, _, publicId) {
      const input = { developerId: page.session.userId, publicId }
      const { url } = await identity.makeTestUserLink(page.ctx("made a sign-in link of a test user"), input)
      return { to: PATH, secret: `${LINK_OF}${publicId} ${url}` }
    },
    back: () => PATH,
  })
  site.form(`${PATH}/:testuser/removal`, {
    load(page, { testuser }) {
      const user = identity.testUsersOf(page.session.userId).find(({ publicId }) => publicId === testuser)
      ensure(user, "not_found", "You have no such test user.")
      return user
    },
    form: button("Remove test user", true),
    async act(page, _, { publicId, name }) {
      const input = { developerId: page.session.userId, publicId }
      await store.write(page.ctx("removed a test user"), (tx) => identity.removeTestUserIn(tx, input))
      return { to: PATH, say: `${name} is gone.` }
    },
    show: (page, form, user, status) =>
      page.render((frame) => TestUserRemovePage({ frame, user: rowOf(user), form }), status),
  })
}

const rowOf = ({ publicId, name, email, createdMs, endsMs, seenMs }: TestUser): TestUserRow => ({
  id: publicId,
  name,
  email,
  createdAtMs: createdMs,
  endsAtMs: endsMs,
  seenAtMs: seenMs,
})

function list(deps: PortalDeps, page: PageRequest, status?: Status): Response {
  const { secret, forget } = deps.web.takeSecret(page.request)
  const [first, second] = secret?.split(" ") ?? []
  const users = deps.identity.testUsersOf(page.session.userId).map(rowOf)
  const isLink = first?.startsWith(LINK_OF)
  const whose = users.find(({ id }) => `${LINK_OF}${id}` === first)
  const props = {
    now: deps.clock.now(),
    users,
    most: TEST_USER_LIMITS.most,
    credits: TEST_CREDITS,
    made: first && second && !isLink ? { email: first, password: second } : undefined,
    link: whose && second ? { name: whose.name, url: second } : undefined,
    apps: deps.oauth.clientsOf(page.session.userId).filter((one) => one.mode === "test" && one.removedMs === null)
      .length,
  }
  return page.render((frame) => TestUsersPage({ frame, ...props }), { ...status, cookies: [forget] })
}
