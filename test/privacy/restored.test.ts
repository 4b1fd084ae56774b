// A backup that is brought back knows nothing of erasures since: who was erased is erased again, before anybody is answered.
import { expect, test } from "bun:test"
import { copyFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { CTX, makeUser, startTestServer } from "../build.ts"
import { findWords } from "./scan.ts"

test("an erased person does not come back with an older database", async () => {
  const first = await startTestServer()
  const { dataDir } = first
  const { app } = first
  await makeUser(app, { isAdmin: true })
  const person = await makeUser(app, { name: "Zebedee Quillfeather" })
  const other = await makeUser(app, { name: "Grace Stays" })
  await app.store.emptyLog()
  const database = join(dataDir, "purser.db")
  const backup = join(dataDir, "backup.db")
  copyFileSync(database, backup)
  await app.store.write(CTX, (tx) => app.privacy.askErasureIn(tx, { userId: person.id, by: "admin", atOnce: true }))
  for (let left = 50; left > 0 && (await app.privacy.eraseNext()); left--);
  expect(app.identity.userById(person.id)).toBeNull()
  await app.stop()

  for (const leftover of [database, `${database}-wal`, `${database}-shm`]) rmSync(leftover, { force: true })
  copyFileSync(backup, database)
  const again = await startTestServer({ dataDir, port: Number(new URL(first.url).port) })
  const { app: restored } = again
  // Closed at once, whatever the jobs do.
  expect(restored.identity.userById(person.id)).toBeNull()
  for (let left = 50; left > 0 && (await restored.privacy.eraseNext()); left--);
  await restored.outbox.flush()
  expect(findWords(restored.store.read, [person.email, "Quillfeather"])).toEqual([])
  expect(restored.privacy.erasureOf(person.id)).toMatchObject({ state: "done", askedBy: "list" })
  expect(restored.identity.userById(other.id)?.name).toBe("Grace Stays")
  await again.close()
}, 30_000)
