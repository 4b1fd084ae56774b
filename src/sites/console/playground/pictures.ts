// /playground/pictures: pictures by POST /v1/images/generations, or a picture changed by /v1/images/edits, as the person’s own call.
import { type PlaygroundMade, PlaygroundPicturesPage } from "../../../../views/console/playground/index.ts"
import { type Bytes, field, form } from "../../../http/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { dataUrl, PICTURE_HERE, pictureType } from "./bytes.ts"
import {
  askingOf,
  COMMON,
  cameTo,
  codeOf,
  given,
  jsonOf,
  listed,
  modelOptions,
  refused,
  shown,
  type TabDeps,
} from "./tab.ts"

const PROMPT_CHARS_MAX = 4_000
const PICTURES_MAX = 4
const PATH = "/playground/pictures"

const FORM = form(
  {
    ...COMMON,
    prompt: field.area({ label: "What is to be seen", missing: "Say what is to be seen.", max: PROMPT_CHARS_MAX }),
    image: field.document({
      label: "A picture of yours",
      help: "It is changed as you say.",
      accept: "image/png,image/jpeg,image/webp",
      optional: true,
    }),
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
const EMPTY = { want: "", size: "", quality: "", count: 1 }

interface Typed {
  model: string
  prompt: string
  image: Bytes | null
  size: string
  quality: string
  count: number
}

export function pictureRoutes(site: ConsoleSite, deps: TabDeps): void {
  const adapted = (page: PageRequest) =>
    FORM.with({
      model: { options: modelOptions(deps, page, (one) => one.output_modalities.includes("image"), "image") },
    })
  site.form(PATH, {
    form: FORM,
    adapt: (_, __, page) => adapted(page),
    present: () => EMPTY,
    check({ readable: { image } }) {
      const type = image ? pictureType(image) : "image/png"
      return { image: type === null || type === "image/gif" ? "Choose a PNG, JPEG or WebP picture." : undefined }
    },
    async act(page, values) {
      const made = values.want === "code" ? null : await madeOf(deps, page, values)
      const view = adapted(page).show({ action: PATH, present: { ...values, want: "" } })
      return shown(page, PlaygroundPicturesPage, { form: view, made, code: codeOf(deps, callOf(values, PICTURE_HERE)) })
    },
    show: (page, view, _, status) => shown(page, PlaygroundPicturesPage, { form: view, made: null, code: [] }, status),
  })
}

/** @param picture that is changed, as a data URL */
function callOf({ model, prompt, size, quality, count, image }: Typed, picture: string) {
  const body = { model, prompt, n: count, ...given({ size, quality }) }
  return image === null
    ? { path: "/v1/images/generations", operationId: "createImage", body }
    : {
        path: "/v1/images/edits",
        operationId: "createImageEdit",
        body: { ...body, images: [{ image_url: picture }] },
      }
}

interface Said {
  data?: { b64_json?: string; url?: string }[]
  output_format?: string
}

async function madeOf({ gateway: { own } }: TabDeps, page: PageRequest, values: Typed): Promise<PlaygroundMade> {
  const startMs = performance.now()
  const { image } = values
  const { body } = callOf(values, image ? dataUrl(pictureType(image) ?? "image/png", image) : "")
  const response = await (image ? own.imageEdits : own.images)(body, askingOf(page))
  if (!response.ok) return { refusal: await refused(response), ...cameTo(own, page, response, startMs) }
  const { data = [], output_format = "" } = await jsonOf<Said>(response)
  const type = /^(png|jpeg|webp)$/.test(output_format) ? output_format : "png"
  const pictures = data
    .map(({ b64_json, url = "" }) => (b64_json ? `data:image/${type};base64,${b64_json}` : url))
    .filter((src) => /^(data:image\/|https:\/\/)/.test(src))
  return { pictures, refusal: null, ...cameTo(own, page, response, startMs) }
}
