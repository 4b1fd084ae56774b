// The portal's test token over HTTP: who gets one, what it opens, what ends it. Each act is a POST with the token of the form.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { auditOf } from "../../src/audit/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { csrfOf, type House, openHouse } from "../browser/house.ts"
import { CTX, chat, giveCredits, makeClient } from "../build.ts"

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.server.close())

const post = async (agent: WebAgent, path: string, csrf?: string, fields: [string, string][] = []) => {
  const url = `${house.server.url}${house.appPath}/${path}`
  return agent.post(url, [["csrf", csrf ?? (await csrfOf(house.server, agent))], ...fields])
}
const tokenIn = (text: string): string => /<code id="test-token">(eyJ[\w.-]+)</.exec(text)?.[1] ?? ""
const make = async (): Promise<string> => tokenIn((await post(house.mine, "test-token")).text)
const grants = () => house.server.app.store.read.all("SELECT * FROM oauth_grants WHERE trial_nano IS NOT NULL")

describe("a test token in the portal", () => {
  test("is shown once, stands in the code, and makes the first call", async () => {
    const { server, mine, appPath } = house
    const made = await post(mine, "test-token")
    const token = tokenIn(made.text)
    expect(token.length).toBeGreaterThan(100)
    expect(made.text.split(token).length - 1).toBe(4)
    expect((await mine.get(`${server.url}${appPath}`)).text).not.toContain(token)
    const answer = await chat(server.url, token)
    expect(answer.status).toBe(200)
    const call = server.app.usage.byRequestId(
      house.owner.id,
      server.app.oauth.clientsOf(house.owner.id)[0]!.id,
      answer.headers.get("x-request-id")!,
    )
    expect(call!.status).toBe(200)
    const me = await fetch(`${server.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(JSON.stringify(await me.json())).not.toContain(house.owner.email)
  })

  test("is not made for another's app, without the form's token, or from another site", async () => {
    const before = grants().length
    for (const path of ["test-token", "test-token/revocation", "test-call"]) {
      expect((await post(house.hers, path)).status).toBe(404)
      expect((await post(house.mine, path, "forged")).status).toBe(403)
      const url = `${house.server.url}${house.appPath}/${path}`
      const cross = await fetch(url, {
        method: "POST",
        headers: { origin: "https://evil.example" },
        redirect: "manual",
      })
      expect(cross.status).toBeGreaterThanOrEqual(300)
      expect(cross.headers.get("location") ?? "").not.toContain(house.appPath)
      expect((await fetch(url, { redirect: "manual" })).status).toBeGreaterThanOrEqual(300)
    }
    expect(grants().length).toBe(before)
  })

  test("ends with the next one, by its button, and with the suspension of the app", async () => {
    const { server, mine, owner } = house
    const first = await make()
    const second = await make()
    expect((await chat(server.url, first)).status).toBe(401)
    expect((await chat(server.url, second)).status).toBe(200)
    expect((await post(mine, "test-token/revocation")).text).toContain("The test token no longer works.")
    expect((await chat(server.url, second)).status).toBe(401)
    const third = await make()
    const clientPublicId = server.app.oauth.clientsOf(owner.id)[0]!.publicId
    await server.app.store.write(CTX, (tx) => server.app.oauth.suspendClientIn(tx, { clientPublicId, reason: "test" }))
    expect((await chat(server.url, third)).status).toBe(403)
    const refused = await post(mine, "test-token")
    expect(tokenIn(refused.text)).toBe("")
    expect(plainText(refused.text)).toContain("suspended")
    await server.app.store.write(CTX, (tx) => server.app.oauth.unsuspendClientIn(tx, { clientPublicId }))
    expect((await chat(server.url, third)).status).toBe(401)
  })

  test("spends at most its limit of a day, whatever was made before", async () => {
    const { server, owner } = house
    const { app } = server
    await giveCredits(app, owner, credits(1_000))
    const { client } = await makeClient(app, { ownerId: owner.id, name: "Bounded" })
    const path = `/developer/apps/${client.publicId}/test-token`
    const mint = async () => {
      const fields: [string, string][] = [["csrf", await csrfOf(server, house.mine)]]
      return tokenIn((await house.mine.post(`${server.url}${path}`, fields)).text)
    }
    const long = { max_tokens: 50, messages: [{ role: "user", content: "word ".repeat(100) }] }
    let refused: Response | undefined
    for (let call = 0; call < 60 && !refused; call++) {
      const answer = await chat(server.url, await mint(), long)
      if (answer.status !== 200) refused = answer
      else await answer.text()
    }
    const { error } = (await refused!.json()) as { error: { code: string } }
    expect(error.code).toBe("app_daily_limit_exceeded")
    const { usedNano } = app.ledger.usedToday({ kind: "principal", id: owner.id }, client.id, "llm")
    expect(usedNano).toBeLessThanOrEqual(credits(20))
    expect(usedNano).toBeGreaterThan(0)
  }, 60_000)

  test("runs here: the answer, what it cost and its receipt, and the token of it is over", async () => {
    const { server, mine, owner } = house
    const ran = await post(mine, "test-call")
    expect(ran.url).toContain("?run=req_")
    const words = plainText(ran.text)
    expect(words).toContain("It answered: ")
    expect(words.slice(words.indexOf("sandbox answered"))).toMatch(
      /^sandbox answered for \S+ credits? ?: \d+ tokens in, \d+ out/,
    )
    const id = new URL(ran.url).searchParams.get("run")!
    const receipt = `move-txn_${id.slice(4)}`
    expect(ran.text).toContain(`#${receipt}"`)
    expect((await mine.get(`${server.url}/credits`)).text).toContain(`id="${receipt}"`)
    const own = (grants() as { revoked_ms: number | null }[]).at(-1)
    expect(own!.revoked_ms).not.toBeNull()
    // Nobody else learns of the call by its id.
    const foreign = await makeClient(server.app, { ownerId: house.other.id })
    const hers = await house.hers.get(`${server.url}/developer/apps/${foreign.client.publicId}?run=${id}`)
    expect(plainText(hers.text)).not.toContain("answered for")
    const [grant] = grants() as { public_id: string }[]
    expect(auditOf(server.app.store.read, grant!.public_id).at(-1)).toMatchObject({
      action: "grant.trial_created",
      actor: `user:${owner.publicId}`,
    })
  })
})
