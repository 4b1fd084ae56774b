// For tests of videos with people's own keys: one at OpenAI's address, beside the operator's account there.
import { UserId } from "../../app/index.ts"
import type { ProviderKey, UpstreamFetch } from "../../gateway/index.ts"
import { testCtx } from "../../store/index.ts"
import { kit } from "./testing.ts"
import { ASK, far, open, PRICE } from "./videos.testing.ts"

export const OWNER = { userId: UserId(1), userPublicId: "usr_1" }
export const OPERATORS = "sk-operator-secret-key-0001"
export const MINE = ["sk-canary-mine-one-aaaaaaaaaaaa1111", "sk-canary-mine-two-bbbbbbbbbbbb2222"] as const
export const ASK_OWN = { ...ASK, model: "theirs/sora-2" } as never
/** The developer's half of the list price. */
export const SHARE = PRICE / 4
/** What `far` answers stands at OpenAI's address, where people's keys work. */
const there: UpstreamFetch = (url, init) =>
  fetch(url.replace("https://api.openai.com/v1", far.baseUrl), init as RequestInit)

export async function openOwn(keys: readonly string[] = [MINE[0]], balance?: number): Promise<ProviderKey[]> {
  await open({ fetch: there, ...(balance === undefined ? {} : { balance }) })
  kit.keyTerms.byok = true
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "theirs",
    baseUrl: "https://api.openai.com/v1",
    apiKey: OPERATORS,
    priceProvider: "openai",
    models: ["sora-2"],
  })
  const made: ProviderKey[] = []
  for (const key of keys) made.push(await kit.gateway.providerKeys.add(testCtx, { ...OWNER, provider: "openai", key }))
  return made
}
export const useCredits = () => kit.gateway.providerKeys.setUseCredits(testCtx, { ...OWNER, useCredits: true })
export const remove = (key: ProviderKey) => kit.gateway.providerKeys.remove(testCtx, { ...OWNER, keyId: key.publicId })
export const askedBy = () => far.asked.map(({ headers }) => headers.get("authorization")!.replace("Bearer ", ""))
export const refusing = (...keys: string[]) => {
  far.makes = false
  far.onSubmit = (job) => {
    if (keys.includes(job.key))
      return Response.json({ error: { message: `Incorrect API key provided: ${job.key}`, code: "x" } }, { status: 401 })
    far.jobs.set(job.id, job)
    return Response.json({ object: "video", ...job })
  }
}
