// Which tools stand after an answer, and when an earlier answer says nothing of what is asked for now.
import { describe, expect, test } from "bun:test"
import { UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { answer, interactionOf, type Kit, openKit } from "../testing.ts"
import type { ToolPaths } from "../types.ts"
import { toolsAfter, wantsOtherTools } from "./tools.ts"

const TRAVEL = "/v1/mcp/groups/travel/mcp"
const WORK = "/v1/mcp/groups/work/mcp"

const standing = (tools: ToolPaths, toolsNarrow = false, scopes = ["mcp"], declined: string[] = []) =>
  ({ tools, toolsNarrow, scopes, declined }) as unknown as Parameters<typeof wantsOtherTools>[0]

describe("after an answer", () => {
  test.each<[string, ...Parameters<typeof toolsAfter>, ReturnType<typeof toolsAfter>]>([
    ["all, the first time", null, { named: null, isGiven: true, chosen: null }, given(null)],
    ["some of all", null, { named: null, isGiven: true, chosen: [TRAVEL] }, given([TRAVEL])],
    ["not said keeps what stands", standing([WORK]), { named: null, isGiven: true, chosen: undefined }, given([WORK])],
    ["refused", standing(null), { named: null, isGiven: false, chosen: null }, given([])],
    [
      "a named one, the first time",
      null,
      { named: [TRAVEL], isGiven: true, chosen: undefined },
      given([TRAVEL], true, true),
    ],
    [
      "what a form says of all does not count there",
      null,
      { named: [TRAVEL], isGiven: true, chosen: null },
      given([TRAVEL], true, true),
    ],
    [
      "a named one beside others",
      standing([WORK]),
      { named: [TRAVEL], isGiven: true, chosen: undefined },
      given([TRAVEL, WORK], false, true),
    ],
    [
      "a named one where all are given",
      standing(null),
      { named: [TRAVEL], isGiven: true, chosen: undefined },
      given(null, false, true),
    ],
    [
      "after all were refused, all stay refused",
      standing([], false, [], ["mcp"]),
      { named: [TRAVEL], isGiven: true, chosen: undefined },
      given([TRAVEL], false, true),
    ],
    [
      "a named one refused, others stay",
      standing([TRAVEL, WORK], true),
      { named: [TRAVEL], isGiven: false, chosen: undefined },
      given([WORK], true, true),
    ],
    [
      "the only one refused",
      standing([TRAVEL], true),
      { named: [TRAVEL], isGiven: false, chosen: undefined },
      given([], true, false),
    ],
    [
      "a named one refused where all were given",
      standing(null),
      { named: [TRAVEL], isGiven: false, chosen: undefined },
      given([], false, false),
    ],
  ])("%s", (_, before, input, after) => {
    expect(toolsAfter(before, input)).toEqual(after)
  })
})

function given(tools: ToolPaths, isNarrow = false, keepsScope = false) {
  return { tools, isNarrow, keepsScope }
}

test.each<[Parameters<typeof wantsOtherTools>[0], ToolPaths, boolean]>([
  [standing(null), null, false],
  [standing(null), [WORK], false],
  [standing([TRAVEL]), [TRAVEL], false],
  [standing([TRAVEL]), [TRAVEL, WORK], true],
  [standing([TRAVEL]), null, false],
  [standing([TRAVEL], true), null, true],
  [standing([], false, []), [WORK], false],
])("asked again: %p, %p", (consent, named, isAsked) => {
  expect(wantsOtherTools(consent, ["mcp"], named)).toBe(isAsked)
})

describe("an authorization", () => {
  const openTools = async (): Promise<Kit> => {
    const kit = await openKit()
    kit.oauth.addResources((path) =>
      /^\/v1\/mcp\/groups\/\w+\/mcp$/.test(path)
        ? { path, name: "Tools", scopes: ["mcp"], within: "/v1", isTools: true }
        : null,
    )
    return kit
  }
  const uri = (path: string) => `https://id.example.com${path}`

  test("for one group is asked again for another and for all, and never silently", async () => {
    const kit = await openTools()
    const app = await kit.register("confidential", { scopes: ["openid", "mcp"] })
    const session = kit.signIn()
    const ask = (more: Record<string, string>) => kit.ask(app, { scope: "openid mcp", ...more }, session)
    const first = await ask({ resource: uri(TRAVEL) })
    expect(first).toMatchObject({
      kind: "consent",
      view: { reason: "first", tools: { named: [TRAVEL], before: null } },
    })
    await kit.decide(interactionOf(first), session, { scopes: ["mcp"], limits: {} })
    expect(kit.oauth.consentsOf(1)[0]).toMatchObject({ tools: [TRAVEL], toolsNarrow: true })
    expect(answer(await ask({ resource: uri(TRAVEL), prompt: "none" })).get("code")).toBeTruthy()
    expect(answer(await ask({ resource: uri(WORK), prompt: "none" })).get("error")).toBe("consent_required")
    expect(answer(await ask({ prompt: "none" })).get("error")).toBe("consent_required")
    const all = await ask({})
    expect(all).toMatchObject({ kind: "consent", view: { reason: "tools", tools: { named: null, before: [TRAVEL] } } })
    await kit.decide(interactionOf(all), session, { scopes: ["mcp"], limits: {}, tools: [WORK] })
    expect(kit.oauth.consentsOf(1)[0]).toMatchObject({ tools: [WORK], toolsNarrow: false })
    // A choice among all is an answer about all.
    expect(answer(await ask({ prompt: "none" })).get("code")).toBeTruthy()
    expect(answer(await ask({ resource: uri(TRAVEL), prompt: "none" })).get("error")).toBe("consent_required")
    await kit.close()
  })

  test("opens nothing that is no tool, and nothing of what was revoked", async () => {
    const kit = await openTools()
    const app = await kit.register("confidential", { scopes: ["openid", "mcp"] })
    const session = kit.signIn()
    const asked = await kit.ask(app, { scope: "openid mcp" }, session)
    for (const tools of [
      ["/v1"],
      ["/api/v1"],
      [""],
      ["/nowhere"],
      Array.from({ length: 51 }, (_, at) => `/v1/mcp/groups/g${at}/mcp`),
    ])
      expect((await kit.decide(interactionOf(asked), session, { scopes: ["mcp"], tools })).kind).toBe("error-page")
    expect(kit.oauth.consentsOf(1)).toEqual([])
    await kit.decide(interactionOf(asked), session, { scopes: ["mcp"], tools: [TRAVEL, TRAVEL] })
    const { id, publicId } = kit.oauth.consentsOf(1)[0]!
    expect(kit.oauth.toolsOf(kit.store.read, id)).toEqual([TRAVEL])
    await kit.store.write(testCtx, (tx) => {
      expect(() => kit.oauth.updateToolsIn(tx, { userId: 2, consentPublicId: publicId, tools: null })).toThrow()
    })
    await kit.store.write(testCtx, (tx) => kit.oauth.forgetToolsIn(tx, { userId: UserId(2), path: TRAVEL }))
    expect(kit.oauth.toolsOf(kit.store.read, id)).toEqual([TRAVEL])
    await kit.store.write(testCtx, (tx) => kit.oauth.forgetToolsIn(tx, { userId: UserId(1), path: TRAVEL }))
    expect(kit.oauth.toolsOf(kit.store.read, id)).toEqual([])
    await kit.store.write(testCtx, (tx) =>
      kit.oauth.updateToolsIn(tx, { userId: 1, consentPublicId: publicId, tools: null }),
    )
    expect(kit.oauth.toolsOf(kit.store.read, id)).toBeNull()
    await kit.store.write(testCtx, (tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: publicId }))
    expect(kit.oauth.toolsOf(kit.store.read, id)).toEqual([])
    await kit.close()
  })
})
