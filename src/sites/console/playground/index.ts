// /playground: a question to up to three models, as the person's own calls. Without scripts answers come whole, with the page; scripts
// ask the same address for each side and show what streams.
import {
  type PlaygroundAnswer,
  type PlaygroundModel,
  PlaygroundPage,
  type PlaygroundSide,
} from "../../../../views/console/playground/index.ts"
import type { FormView } from "../../../../views/ui/index.ts"
import { field, form } from "../../../http/index.ts"
import { codeSamplesOf, type PageRequest, type Status } from "../../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "../site.ts"
import { answerOf } from "./answer.ts"
import { chatBody, problemsOf, SIDES, type Typed, turnsOf } from "./body.ts"
import { personOf, SECURITY } from "./person.ts"
import { pictureRoutes } from "./pictures.ts"
import { recordingRoutes } from "./recordings.ts"
import { speechRoutes } from "./speech.ts"
import { videoRoutes } from "./videos.ts"

type Deps = Pick<ConsoleDeps, "gateway" | "web" | "clock">

const PATH = "/playground"
/** UTF-16 units; together they stay below what a form with a file may hold. */
const TEXT_CHARS_MAX = 12_000
const JSON_CHARS_MAX = 8_000
const NOBODY = { value: "", label: "None" }
const PARAMETERS = "Parameters"

const beside = (label: string) => field.choice<string>({ label, options: [NOBODY], byDomain: true })
const small = (label: string, help: string) =>
  field.text({ label, help, group: PARAMETERS, max: 10, optional: true, autocomplete: "off" })

const FORM = form(
  {
    model: field.choice<string>({ label: "Model", options: [], byDomain: true }),
    model2: beside("Compare with"),
    model3: beside("And with"),
    turns: field.hidden({ label: "Earlier turns", optional: true }),
    turns2: field.hidden({ label: "Earlier turns", optional: true }),
    turns3: field.hidden({ label: "Earlier turns", optional: true }),
    system: field.area({ label: "System", optional: true, max: TEXT_CHARS_MAX, rows: 2 }),
    message: field.area({ label: "Message", missing: "Write a message.", max: TEXT_CHARS_MAX, rows: 4 }),
    image: field.document({
      label: "Picture",
      help: "Sent with this message.",
      accept: "image/png,image/jpeg,image/gif,image/webp",
      optional: true,
    }),
    tools: field.area({ label: "Tools", help: "A JSON array.", mono: true, optional: true, max: JSON_CHARS_MAX }),
    schema: field.area({
      label: "Shape of the answer",
      help: "A JSON schema.",
      mono: true,
      optional: true,
      max: JSON_CHARS_MAX,
    }),
    temperature: small("Temperature", "0 to 2"),
    topP: small("Top p", "0 to 1"),
    maxTokens: small("Most tokens", "Of an answer"),
    effort: field.choice<string>({
      label: "Thinking",
      group: PARAMETERS,
      options: [
        { value: "", label: "As usual" },
        ...["low", "medium", "high"].map((value) => ({ value, label: value })),
      ],
    }),
    want: field.hidden({ label: "What is wanted: an answer, a stream or code", optional: true }),
  },
  { submit: "Ask" },
)
const EMPTY = { model2: "", model3: "", turns: "", turns2: "", turns3: "", want: "" }

export function playgroundRoutes(site: ConsoleSite, deps: Deps): void {
  site.form(PATH, {
    form: FORM,
    adapt: (shape, _, page) => adapted(shape, modelsOf(deps, page)),
    present: () => EMPTY,
    check: ({ readable }) => problemsOf(readable),
    async act(page, values) {
      if (values.want === "stream") return streamed(deps, page, values)
      const asked = SIDES.filter(({ model }, at) => at === 0 || values[model] !== "")
      const sides =
        values.want === "code" ? [] : await Promise.all(asked.map((side) => sideOf(deps, page, values, side)))
      const view = adapted(FORM, modelsOf(deps, page)).show({ action: PATH, present: presentOf(values, sides) })
      return shown(deps, page, view, { status: 200 }, sides, values)
    },
    show: (page, view, _, status) => shown(deps, page, view, status, [], null),
  })
  pictureRoutes(site, deps)
  speechRoutes(site, deps)
  recordingRoutes(site, deps)
  videoRoutes(site, deps)
}

const adapted = (shape: typeof FORM, models: readonly PlaygroundModel[]): typeof FORM => {
  const options = models.map(({ id, label }) => ({ value: id, label }))
  const others = { options: [NOBODY, ...options] }
  return shape.with({ model: { options }, model2: others, model3: others }) as typeof FORM
}

/** What answers in words. */
const modelsOf = ({ gateway }: Deps, page: PageRequest): PlaygroundModel[] =>
  gateway.own
    .models(personOf(page))
    .filter(({ input_modalities: takes, output_modalities: says }) => takes.includes("text") && says.includes("text"))
    .map(({ id, resolves_to, pricing: { input, output } }) => ({
      id,
      label: resolves_to ? `${id} (${resolves_to})` : id,
      input,
      output,
    }))

const asking = (page: PageRequest) => ({ person: personOf(page), page: page.request })

/** One side, as it is made; the page's own headers are not the wire's. */
async function streamed({ gateway }: Deps, page: PageRequest, values: Typed): Promise<Response> {
  const { status, body, headers } = await gateway.own.chatCompletions(
    chatBody(values, SIDES[0], "stream"),
    asking(page),
  )
  const kept = ["content-type", "x-request-id", "x-credits-charged", "x-credits-held", "retry-after"]
  const told = kept.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!] as [string, string]] : []))
  return new Response(body, { status, headers: [...told, ["cache-control", "no-store"], ["x-accel-buffering", "no"]] })
}

async function sideOf(
  { gateway }: Deps,
  page: PageRequest,
  values: Typed,
  side: (typeof SIDES)[number],
): Promise<PlaygroundSide & { answer: PlaygroundAnswer }> {
  const startMs = performance.now()
  const response = await gateway.own.chatCompletions(chatBody(values, side, "whole"), asking(page))
  const answer = await answerOf(values[side.model], response, startMs)
  const turns = turnsOf(values[side.turns])
  const said = { role: "assistant" as const, content: answer.text }
  return {
    answer,
    turns: answer.refusal ? turns : [...turns, { role: "user" as const, content: values.message }, said],
  }
}

/** The message was sent; what was not answered is kept to be sent again. */
function presentOf(
  values: Typed & { want: string },
  sides: readonly (PlaygroundSide & { answer: PlaygroundAnswer })[],
) {
  const isAnswered = sides.length > 0 && sides.every(({ answer }) => answer.refusal === null)
  const kept = SIDES.map(({ turns }, at) => [turns, sides[at] ? JSON.stringify(sides[at].turns) : values[turns]])
  return { ...values, ...Object.fromEntries(kept), want: "", message: isAnswered ? "" : values.message }
}

function shown(
  deps: Deps,
  page: PageRequest,
  view: FormView,
  status: Status,
  sides: readonly PlaygroundSide[],
  sent: Typed | null,
): Response {
  const call = { method: "POST", path: "/v1/chat/completions", operationId: "createChatCompletion", security: SECURITY }
  const code = sent
    ? codeSamplesOf({ ...call, origin: deps.web.origins.hosts.api, body: chatBody(sent, SIDES[0], "code") })
    : []
  const props = { form: view, models: modelsOf(deps, page), sides, code, person: page.session.publicId }
  return page.render((frame) => PlaygroundPage({ frame, ...props }), status)
}
