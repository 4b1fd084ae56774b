// A backup that is brought back knows nothing of erasures since: who was erased is erased again, before anybody is answered.
import { expect, test } from "bun:test"
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { silentLog } from "../../src/app/index.ts"
import { eraseAgain } from "../../src/privacy/erase.ts"
import { ErasedList } from "../../src/privacy/list.ts"
import type { PrivacyDeps } from "../../src/privacy/types.ts"
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

/** What the replica keeps of its own, and whether it is to be had. */
class Notes {
  readonly names = new Set<string>()
  isAway = false
  note = async (name: string) => {
    if (this.isAway) throw new Error("away")
    this.names.add(name)
  }
  notes = async (prefix: string) => {
    if (this.isAway) throw new Error("away")
    return [...this.names].filter((name) => name.startsWith(prefix))
  }
}

test("on an empty disk the replica's list says who was erased; what only one of them knows the other learns", async () => {
  const server = await startTestServer()
  const { app, dataDir } = server
  await makeUser(app, { isAdmin: true })
  const [ada, eve, joe] = [await makeUser(app), await makeUser(app), await makeUser(app)]
  const replica = new Notes()
  const listOf = () => new ErasedList(dataDir, replica, silentLog)
  const file = join(dataDir, "erased")
  const again = () =>
    eraseAgain(
      { store: app.store, identity: app.identity, lifecycle: { tellIn() {} } } as unknown as PrivacyDeps,
      listOf(),
    )

  // Erased while the replica was away: the disk knows, and tells it with the next look.
  replica.isAway = true
  await listOf().add(eve.publicId)
  expect([readFileSync(file, "utf8"), replica.names.size]).toEqual([`${eve.publicId}\n`, 0])
  expect(await listOf().all()).toEqual(new Set([eve.publicId]))
  replica.isAway = false
  await listOf().all()
  expect([...replica.names]).toEqual([`erased/${eve.publicId}`])

  // A restore on another machine has the database and nothing beside it.
  await listOf().add(ada.publicId)
  rmSync(file)
  expect(await again()).toBe(2)
  expect([app.identity.userById(ada.id), app.identity.userById(eve.id)]).toEqual([null, null])
  expect(app.identity.userById(joe.id)).not.toBeNull()
  expect(readFileSync(file, "utf8").split("\n").filter(Boolean).toSorted()).toEqual(
    [ada.publicId, eve.publicId].toSorted(),
  )
  // Nobody is begun twice.
  expect(await again()).toBe(0)

  // Names that are none of ours end nobody and stand in no file; an empty disk without a replica erases nobody.
  replica.names.clear()
  for (const name of ["", "..", "usr_x", `${joe.publicId}\nusr_y`, `${joe.publicId}/x`])
    replica.names.add(`erased/${name}`)
  rmSync(file)
  expect(await again()).toBe(0)
  expect([existsSync(file), app.identity.userById(joe.id)?.id]).toEqual([false, joe.id])
  await server.close()
}, 30_000)
