// The door of test users: made by a press, bounded in number and in time, out at once. Which apps let them in is asked in one place, where
// an authorization stands (`oauth/authorize/advance.ts`); everything else of this house is behind a sign-in to an app that does not.
import { AppError, DAY_MS, ensure, randomSecret, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { createUserIn, requireActiveIn, suspendIn } from "../users.ts"
import { TEST_USER_LIMITS as L, TEST_USER_DOMAIN } from "./limits.ts"
import { claimLink, linkOf, makeLink } from "./link.ts"
import { endTestUser, madeEver, madeSince, markTestUser, testUserOf, testUsersDue, testUsersOf } from "./store.ts"
import type { TestUserVerbs } from "./types.ts"

export { TEST_USER_LIMITS } from "./limits.ts"
export type * from "./types.ts"

export const testUserVerbs = (core: Core): TestUserVerbs => ({
  makeTestUser: (ctx, developerId, more) => make(core, ctx, developerId, more),
  testUsersOf: (developerId) => testUsersOf(core.store.read, developerId),
  removeTestUserIn: (tx, input) => removeIn(core, tx, input),
  makeTestUserLink: (ctx, input) => makeLink(core, ctx, input),
  testUserLinkOf: (token) => linkOf(core, token),
  claimTestUserLink: (visitor, token) => claimLink(core, visitor, token),
  testUsersDue: (nowMs) => testUsersDue(core.store.read, nowMs, L.sweptMax),
})

async function make(
  core: Core,
  ctx: WriteContext,
  developerId: UserId,
  more: (tx: Tx, userId: UserId) => void = () => {},
): ReturnType<TestUserVerbs["makeTestUser"]> {
  const password = randomSecret(16)
  const passwordHash = await core.hasher.withSlot((slot) => slot.hash(password))
  const user = await core.store.write(ctx, (tx) => {
    requireRoomIn(tx, developerId)
    const { id } = createUserIn(core, tx, {
      email: `${localPart()}@${TEST_USER_DOMAIN}`,
      name: `Test user ${madeEver(tx, developerId) + 1}`,
      passwordHash,
      emailVerified: true,
    })
    markTestUser(tx, id, { developerId, endsMs: tx.now + L.keptMs })
    more(tx, id)
    const made = testUsersOf(tx, developerId).find((one) => one.id === id)!
    auditIn(tx, { action: "test_user.made", subject: made.publicId })
    return made
  })
  return { user, password }
}

/** Letters and digits of a random secret: readable, and nobody's by accident. */
const localPart = (): string =>
  `test-${randomSecret()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, L.nameChars)}`

function requireRoomIn(tx: Tx, developerId: UserId): void {
  const developer = requireActiveIn(tx, developerId)
  ensure(developer.testOf === null, "forbidden", "A test user makes no test users.")
  if (testUsersOf(tx, developerId).length >= L.most)
    throw new AppError("conflict", `You have ${L.most} test users. Remove one first.`)
  if (madeSince(tx, developerId, tx.now - DAY_MS) >= L.aDay)
    throw new AppError("rate_limit_exceeded", `${L.aDay} test users can be made in 24 hours. Try again tomorrow.`)
}

/** It is nobody's account from this commit on; what is left of it is erased as of anybody. */
function removeIn(core: Core, tx: Tx, { developerId, publicId }: { developerId: UserId; publicId: string }): void {
  const user = testUserOf(tx, developerId, publicId)
  ensure(user, "not_found", "This test user is gone already.")
  endTestUser(tx, user.id)
  suspendIn(core, tx, { userId: user.id, reason: "Its developer removed this test user" })
  auditIn(tx, { action: "test_user.removed", subject: publicId })
}
