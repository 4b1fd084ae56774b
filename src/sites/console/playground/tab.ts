// What a tab of the playground is that makes something else than words: one form, one call of the person's own, and the same as code.
import type { PlaygroundMade, PlaygroundMediaProps } from "../../../../views/console/playground/index.ts"
import type { FieldOption, FormView } from "../../../../views/ui/index.ts"
import { creditsDecimal } from "../../../app/index.ts"
import type { Asking, ModelJson, OwnCalls } from "../../../gateway/index.ts"
import { field } from "../../../http/index.ts"
import { type CodeSample, codeSamplesOf, type PageRequest, type Status } from "../../base/index.ts"
import type { ConsoleDeps } from "../site.ts"
import { chargedOf, refusalOf, type Said } from "./answer.ts"
import { personOf, SECURITY } from "./person.ts"

export type TabDeps = Pick<ConsoleDeps, "gateway" | "web">

/** Fields of every tab. */
export const COMMON = {
  model: field.choice<string>({ label: "Model", options: [], byDomain: true }),
  want: field.hidden({ label: "What is wanted: the thing, or code", optional: true }),
}

const AS_USUAL = { value: "", label: "As the model has it" }
export const listed = (...values: string[]): FieldOption[] => [
  AS_USUAL,
  ...values.map((value) => ({ value, label: value })),
]

/** Members that were typed. */
export const given = (members: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ""))

/** Those that can, each with what one of what it makes costs. */
export const modelOptions = (
  { gateway }: Pick<TabDeps, "gateway">,
  page: PageRequest,
  isAble: (model: ModelJson) => boolean,
  unit: keyof typeof EACH,
): FieldOption[] =>
  gateway.own
    .models(personOf(page))
    .filter(isAble)
    .map((model) => ({ value: model.id, label: `${model.id}${priceWords(model, unit)}` }))

const EACH = { image: "a picture", second: "a second", character: "a character" } as const

/** " · 4 to 8 credits a second"; nothing where tokens are paid. */
function priceWords({ pricing }: ModelJson, unit: keyof typeof EACH): string {
  const own = Object.entries(pricing.each ?? {})
    .flatMap(([name, price]) => (name === unit || name.startsWith(`${unit} `) ? [price] : []))
    .toSorted((a, b) => Number(a) - Number(b))
  const [least, most] = [own[0], own.at(-1)]
  if (least === undefined || most === undefined) return ""
  return ` · ${least === most ? least : `${least} to ${most}`} credits ${EACH[unit]}`
}

export const askingOf = (page: PageRequest): Asking => ({ person: personOf(page), page: page.request })

/** The call as code. A word stands for a file of the reader's. */
export const codeOf = (
  { web }: Pick<TabDeps, "web">,
  call: { path: string; operationId: string; body: object; isForm?: boolean },
): CodeSample[] => codeSamplesOf({ method: "POST", security: SECURITY, origin: web.origins.hosts.api, ...call })

/** What every call came to. @param own where charges that the answer does not tell are read */
export function cameTo(
  own: Pick<OwnCalls, "chargedFor">,
  page: PageRequest,
  response: Response,
  startMs: number,
): Pick<PlaygroundMade, "ms" | "charged" | "requestId"> {
  const requestId = response.headers.get("x-request-id")
  const settled = requestId === null ? null : own.chargedFor(requestId, personOf(page))
  return {
    ms: Math.round(performance.now() - startMs),
    charged: chargedOf(response) ?? (settled === null ? null : creditsDecimal(settled)),
    requestId,
  }
}

export const jsonOf = async <Body>(response: Response): Promise<Body & Said> =>
  (await response.json().catch(() => ({}))) as Body & Said

export async function refused(response: Response): Promise<PlaygroundMade["refusal"]> {
  return response.ok ? null : refusalOf(response, await jsonOf(response))
}

/** The page of a tab. */
export const shown = (
  page: PageRequest,
  view: (props: PlaygroundMediaProps) => JSX.Element,
  props: { form: FormView; made: PlaygroundMade | null; code: CodeSample[] },
  status: Status = { status: 200 },
): Response => page.render((frame) => view({ frame, ...props }), status)
