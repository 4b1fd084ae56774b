// A listing of the directory with one of everything, for the walks of all routes and the tests of its own. Every text may be hostile.
import type { User } from "../src/identity/index.ts"
import { pngOf } from "../src/media/testing.ts"
import type { Client } from "../src/oauth/index.ts"
import { CTX, type TestServer } from "./build.ts"

export interface DirectoryWorld {
  /** Address of a listed app. */
  listing: string
  /** A screenshot of it. */
  shot: string
}

type App = TestServer["app"]

export const draftFor = (slug: string, words: string) => ({
  slug,
  tagline: words.replace(/\s+/g, " ").slice(0, 100),
  description: `${words} ${"Tell it what happened today. ".repeat(4)}`,
  category: "Writing",
  tags: ["stories", "children"],
  url: "https://stories.example.com/start",
  sourceUrl: "",
  priceWords: words.slice(0, 100),
})

/** Everything that a listing needs, but to be sent in. */
export async function writeListing(
  app: App,
  developer: User,
  given: Client,
  slug: string,
  words: string,
): Promise<Client> {
  const client = await app.store.write(CTX, (tx) =>
    app.oauth.updateClientIn(tx, {
      ownerId: developer.id,
      clientPublicId: given.publicId,
      homepageUrl: "https://stories.example.com",
      policyUri: "https://stories.example.com/privacy",
    }),
  )
  const ref = { ownerId: developer.id, client }
  const { id } = await app.media.storeImage(CTX, { ownerId: developer.id, purpose: "icon", bytes: pngOf(64, 64) })
  await app.media.show(CTX, { purpose: "icon", subject: client.publicId }, { id, ownerId: developer.id })
  await app.directory.save(CTX, { ...ref, draft: draftFor(slug, words) })
  await app.directory.addShot(CTX, { ...ref, bytes: pngOf(320, 180), crop: null, alt: words.slice(0, 100) })
  return client
}

/** Listed, with a change that waits and a report. */
export async function openDirectory(
  { app }: TestServer,
  developer: User,
  client: Client,
  words: string,
): Promise<DirectoryWorld> {
  const slug = "routes-app"
  const ready = await writeListing(app, developer, client, slug, words)
  await app.directory.ask(CTX, { ownerId: developer.id, client: ready })
  await app.directory.approve(CTX, { publicId: ready.publicId, savedMs: app.directory.own(ready).listing!.savedMs })
  await changeListing(app, ready.publicId)
  return { listing: slug, shot: app.directory.own(ready).shots[0]!.publicId }
}

/** Listed, waiting for a review, reported: as every act of an admin finds it. */
export async function changeListing(
  app: App,
  publicId: string,
  state: "listed" | "suspended" = "listed",
): Promise<void> {
  await app.store.write(CTX, (tx) => {
    const id = app.oauth.clientByPublicId(publicId)!.id
    const asked = state === "listed" ? tx.now : null
    tx.run("UPDATE directory_listings SET state = ?, asked_ms = ? WHERE client_id = ?", state, asked, id)
    tx.run(
      "INSERT INTO directory_reports (client_id, user_id, kind, words, created_ms) VALUES (?, NULL, 'scam', '<b>\"', ?)",
      id,
      tx.now,
    )
  })
  const { listing, card } = app.directory.own(app.oauth.clientByPublicId(publicId)!)
  if (state === "suspended" || card) return
  // An act before may have taken away what everybody sees.
  await app.directory.approve(CTX, { publicId, savedMs: listing!.savedMs })
  await app.store.write(CTX, (tx) =>
    tx.run("UPDATE directory_listings SET asked_ms = ? WHERE client_id = ?", tx.now, listing!.clientId),
  )
}
