// /playground/pictures: pictures by POST /v1/images/generations, as the person’s own call.
import { type PlaygroundPicture, PlaygroundPicturesPage } from "../../../../views/console/playground/index.ts"
import type { FormView } from "../../../../views/ui/index.ts"
import { field, form } from "../../../http/index.ts"
import { codeSamplesOf, type PageRequest, type Status } from "../../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "../site.ts"
import { chargedOf, refusalOf } from "./answer.ts"
import { personOf, SECURITY } from "./person.ts"

type Deps = Pick<ConsoleDeps, "gateway" | "web">

const PROMPT_CHARS_MAX = 4_000
const PICTURES_MAX = 4
const PATH = "/playground/pictures"
const AS_USUAL = { value: "", label: "As the model has it" }
const listed = (...values: string[]) => [AS_USUAL, ...values.map((value) => ({ value, label: value }))]

const FORM = form(
  {
    model: field.choice<string>({ label: "Model", options: [], byDomain: true }),
    prompt: field.area({ label: "What is to be seen", missing: "Say what is to be seen.", max: PROMPT_CHARS_MAX }),
    size: field.choice<string>({
      label: "Size",
      options: listed("1024x1024", "1536x1024", "1024x1536", "1792x1024", "1024x1792"),
    }),
    quality: field.choice<string>({
      label: "Quality",
      options: listed("standard", "hd", "low", "medium", "high"),
    }),
    count: field.count({ label: "How many", min: 1, max: PICTURES_MAX }),
  },
  { submit: "Make pictures" },
)

interface Made {
  pictures: readonly PlaygroundPicture[]
  charged: string | null
  refusal: ReturnType<typeof refusalOf>
}

export function pictureRoutes(site: ConsoleSite, deps: Deps): void {
  site.form(PATH, {
    form: FORM,
    adapt: (shown, _, page) => shown.with({ model: { options: optionsOf(deps, page) } }),
    present: () => ({ size: "", quality: "", count: 1 }),
    async act(page, values) {
      const { model, prompt, size, quality, count } = values
      const body = { model, prompt, n: count, ...(size ? { size } : {}), ...(quality ? { quality } : {}) }
      const response = await deps.gateway.own.images(body, { person: personOf(page), page: page.request })
      const view = FORM.with({ model: { options: optionsOf(deps, page) } }).show({ action: PATH, present: values })
      return shown(deps, page, view, { status: 200 }, await madeOf(response), body)
    },
    show: (page, view, _, status) => shown(deps, page, view, status, null, null),
  })
}

const optionsOf = ({ gateway }: Deps, page: PageRequest) =>
  gateway.own
    .models(personOf(page))
    .filter(({ output_modalities }) => output_modalities.includes("image"))
    .map(({ id }) => ({ value: id, label: id }))

interface Said {
  data?: { b64_json?: string; url?: string }[]
  output_format?: string
  error?: { message?: string; code?: string; topup_url?: string }
}

async function madeOf(response: Response): Promise<Made> {
  const said = (await response.json().catch(() => ({}))) as Said
  const charged = chargedOf(response)
  if (!response.ok) return { pictures: [], charged, refusal: refusalOf(response, said) }
  const type = /^(png|jpeg|webp)$/.test(said.output_format ?? "") ? said.output_format : "png"
  const pictures = (said.data ?? []).flatMap(({ b64_json, url }): PlaygroundPicture[] => {
    const src = b64_json ? `data:image/${type};base64,${b64_json}` : (url ?? "")
    return /^(data:image\/|https:\/\/)/.test(src) ? [{ src }] : []
  })
  return { pictures, charged, refusal: null }
}

function shown(
  { web }: Deps,
  page: PageRequest,
  view: FormView,
  status: Status,
  made: Made | null,
  body: object | null,
): Response {
  const call = { method: "POST", path: "/v1/images/generations", operationId: "createImage", security: SECURITY }
  const code = body ? codeSamplesOf({ ...call, origin: web.origins.hosts.api, body }) : []
  return page.render((frame) => PlaygroundPicturesPage({ frame, form: view, made, code }), status)
}
