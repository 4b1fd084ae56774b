// What tests of notices stand on: a house of people, with one in it.
import { openIdentity, PASSWORD } from "../identity/testing.ts"
import { testCtx } from "../store/index.ts"

export async function openWithPerson(email: string) {
  const opened = await openIdentity()
  const person = await opened.identity.createUser(testCtx, { email, password: PASSWORD, name: "Ann", isAdmin: false })
  return { ...opened, person }
}

export type Opened = Awaited<ReturnType<typeof openWithPerson>>
