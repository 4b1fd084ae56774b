// `store: true` and `previous_response_id`: for people who turned it on, and only for the app that asked.
import { expect, test } from "bun:test"
import OpenAI from "openai"
import { UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { ANSWER, ASK, eventsOf, respond, sdk, sseOf, startNative } from "./responses-testing.ts"
import { app, books, COST, kit, spent, sse, start, TEXT, token } from "./testing.ts"

const turn = (on: boolean) => kit.kept.turn(testCtx, { userId: UserId(1), userPublicId: "usr_1", on })
const get = (path: string, bearer = token, method = "GET") =>
  fetch(`${kit.server.url}/v1/responses/${path}`, { method, headers: { authorization: `Bearer ${bearer}` } })

test("Who did not turn it on is told how; left out, nothing is kept", async () => {
  await start()
  const answer = await respond(token, { ...ASK, store: true })
  const { error } = (await answer.json()) as { error: { param: string; message: string } }
  expect([answer.status, error.param]).toEqual([400, "store"])
  expect(error.message).toContain("https://id.example.com/settings")
  expect(kit.upstream.journal).toEqual([])
  await turn(true)
  const { id } = await sdk(token).responses.create(ASK)
  expect((await get(id)).status).toBe(404)
})

test("A conversation goes on by the name of its last answer, streamed or not", async () => {
  await start()
  await turn(true)
  const client = sdk(token)
  const first = await client.responses.create({ ...ASK, instructions: "Be kind.", store: true })
  const second = await client.responses
    .stream({ model: "mock-1", input: "and?", previous_response_id: first.id, store: true })
    .finalResponse()
  expect(second.previous_response_id).toBe(first.id)
  const third = await client.responses.create({
    model: "mock-1",
    input: [{ role: "user", content: "so?" }],
    previous_response_id: second.id,
  })
  expect(third.previous_response_id).toBe(second.id)
  // Instructions are of one call, as at OpenAI.
  expect(kit.upstream.journal[2]!.messages).toEqual([
    { role: "user", content: "hi" },
    { role: "assistant", content: TEXT },
    { role: "user", content: "and?" },
    { role: "assistant", content: TEXT },
    { role: "user", content: "so?" },
  ])
  // The third was not to be kept.
  expect([(await get(second.id)).status, (await get(third.id)).status]).toEqual([200, 404])
  books()
})

test("Kept answers are read, listed and deleted by the SDK, as they were answered", async () => {
  await start()
  await turn(true)
  const client = sdk(token)
  const answer = await client.responses.create({ ...ASK, store: true, metadata: { a: "b" } })
  const { output_text: _, ...kept } = await client.responses.retrieve(answer.id)
  expect(kept).toMatchObject({ id: answer.id, store: true, output: answer.output, metadata: { a: "b" } } as never)
  const items = await client.responses.inputItems.list(answer.id)
  expect(items.data).toMatchObject([{ type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] }])
  await client.responses.delete(answer.id)
  const gone = await client.responses.retrieve(answer.id).catch((error: unknown) => error)
  expect(gone).toBeInstanceOf(OpenAI.NotFoundError)
  const next = client.responses.create({ ...ASK, previous_response_id: answer.id })
  expect(await next.catch((error: unknown) => error)).toMatchObject({
    status: 400,
    code: "previous_response_not_found",
    param: "previous_response_id",
  })
})

test("Items that were kept may be named by their id; others may not", async () => {
  await start()
  await turn(true)
  const { id, output } = await sdk(token).responses.create({ ...ASK, store: true })
  const named = { type: "item_reference", id: output[0]!.id }
  const next = { role: "user", content: "and?" }
  const answer = await respond(token, { ...ASK, input: [named, next] })
  expect(answer.status).toBe(200)
  expect(kit.upstream.journal[1]!.messages).toEqual([{ role: "assistant", content: TEXT }, next])
  await get(id, token, "DELETE")
  const refused = await respond(token, { ...ASK, input: [next, named] })
  expect([refused.status, ((await refused.json()) as { error: { param: string } }).error.param]).toEqual([
    400,
    "input[1].type",
  ])
})

test("Input is listed in pages", async () => {
  await start()
  await turn(true)
  const input = ["a", "b", "c"].map((content) => ({ role: "user" as const, content }))
  const { id } = await sdk(token).responses.create({ ...ASK, input, store: true })
  const texts: string[] = []
  for await (const item of sdk(token).responses.inputItems.list(id, { limit: 2, order: "asc" })) {
    texts.push((item as { content: { text: string }[] }).content[0]!.text)
  }
  expect(texts).toEqual(["a", "b", "c"])
  expect((await get(`${id}/input_items?limit=0`)).status).toBe(400)
  expect((await get(`${id}/input_items?order=newest`)).status).toBe(400)
})

test("Another app, another person and another token without the scope see nothing of it", async () => {
  await start()
  await turn(true)
  const { id } = await sdk(token).responses.create({ ...ASK, store: true })
  const other = await (await kit.app()).token()
  const bob = await app.token(2)
  for (const bearer of [other, bob]) {
    expect((await get(id, bearer)).status).toBe(404)
    expect((await get(`${id}/input_items`, bearer)).status).toBe(404)
    expect((await get(id, bearer, "DELETE")).status).toBe(404)
  }
  expect((await respond(other, { ...ASK, previous_response_id: id })).status).toBe(400)
  expect((await get(id, await app.token(1, { scope: "openid profile" }))).status).toBe(403)
  expect((await get(id, "nonsense")).status).toBe(401)
  expect((await get(id)).status).toBe(200)
})

test("Turned off, it is gone", async () => {
  await start()
  await turn(true)
  const { id } = await sdk(token).responses.create({ ...ASK, store: true })
  await turn(false)
  expect((await get(id)).status).toBe(404)
  expect((await respond(token, { ...ASK, previous_response_id: id })).status).toBe(400)
})

test("Where the provider has this API, it is still not asked to keep anything, and the name is ours", async () => {
  await startNative()
  await turn(true)
  kit.upstream.answer = ({ stream }) => (stream === true ? sse(sseOf(eventsOf())) : Response.json(ANSWER))
  const client = sdk(token)
  const first = await client.responses.create({ ...ASK, store: true })
  expect(first).toMatchObject({ store: true, output: ANSWER.output } as never)
  expect(first.id).not.toBe(ANSWER.id as string)
  const tools = [{ type: "function" as const, name: "weather", parameters: {}, strict: false }]
  const second = await client.responses
    .stream({ model: "mock-1", input: "and?", previous_response_id: first.id, store: true, tools })
    .finalResponse()
  expect(second).toMatchObject({ store: true, previous_response_id: first.id, output_text: "Hello wörld 🌍" } as never)
  const [asked, again] = kit.upstream.journal
  expect([asked!.store, again!.store, again!.previous_response_id]).toEqual([false, false, undefined])
  expect(again!.input).toEqual([
    { type: "message", role: "user", content: "hi" },
    ...ANSWER.output,
    { type: "message", role: "user", content: "and?" },
  ])
  const kept = await client.responses.retrieve(second.id)
  expect(kept.output).toEqual(ANSWER.output as never)
})

test("What is too long to be kept is refused before it is asked", async () => {
  await start()
  await turn(true)
  const answer = await respond(token, { ...ASK, input: "x".repeat(4 * 1024 * 1024), store: true })
  expect([answer.status, ((await answer.json()) as { error: { param: string } }).error.param]).toEqual([400, "store"])
  expect(kit.upstream.journal).toEqual([])
})

test("The keys of a person are one, and no app", async () => {
  await start()
  await turn(true)
  const [first, second] = [await kit.key(), await kit.key()]
  const { id } = await sdk(first.secret).responses.create({ ...ASK, store: true })
  expect((await get(id, second.secret)).status).toBe(200)
  expect((await get(id)).status).toBe(404)
})

test("an answer that is kept for a repeat too is owed in full before it is kept: no crash in between makes it cheaper", async () => {
  await start()
  await turn(true)
  type State = { known: number; input: number; isCharged: number }
  const seen: State[] = []
  const stop = kit.store.committed(() => {
    const kept = kit.store.read.get<{ n: number }>("SELECT count(*) AS n FROM kept_answers")!.n
    const open = kit.store.read.get<State>(
      `SELECT known_cost_nano AS known, input_cost_nano AS input, (SELECT count(*) FROM charges) AS isCharged FROM open_holds`,
    )
    if (kept > 0 && open) seen.push(open)
  })
  const ask = () =>
    respond(
      token,
      { ...ASK, store: true },
      { headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": "k1" } },
    )
  const first = await ask()
  const text = await first.text()
  expect(first.status).toBe(200)
  stop()
  // Kept, and not yet charged: this is what a process finds that comes after a crash there.
  expect(seen).toEqual([{ known: COST, input: expect.any(Number), isCharged: 0 } as never])
  expect(seen[0]!.input).toBeLessThan(COST)
  const again = await ask()
  expect([await again.text(), spent(), kit.upstream.journal.length]).toEqual([text, COST, 1])
  books()
})
