// The demo's apps stand in the directory with what a listing needs, whether an admin has to let them in or not.
import { expect, test } from "bun:test"
import { makeUser, startTestServer } from "../../../test/build.ts"
import { listApps } from "./directory.ts"

test("three apps are listed, each with an icon, a picture and its words", async () => {
  const server = await startTestServer()
  try {
    const { app } = server
    const developer = await makeUser(app, { email: "dev@demo.example" })
    await app.developers.acceptAgreement(
      { actor: "cli", requestId: "demo", reason: "demo data" },
      { userId: developer.id, version: app.developers.agreementVersion, company: "Paper Boat Studio" },
    )
    await listApps(app, developer.id)
    const list = await (await fetch(`${server.url}/directory`)).text()
    for (const slug of ["recipe-box", "flashcards", "plain-words"]) {
      expect([slug, list.includes(`href="/directory/${slug}"`)]).toEqual([slug, true])
      const page = await (await fetch(`${server.url}/directory/${slug}`)).text()
      const pictures = [...page.matchAll(/src="(\/media\/[^"]+)"/g)].map(([, src]) => src!)
      expect([slug, pictures.length >= 2]).toEqual([slug, true])
      for (const src of pictures) expect([src, (await fetch(server.url + src)).status]).toEqual([src, 200])
    }
  } finally {
    await server.close()
  }
}, 60_000)
