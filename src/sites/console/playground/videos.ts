// /playground/videos: a video by POST /v1/videos, as the person’s own call; its page looks until it is there, and shows it.
import {
  type PlaygroundVideo,
  PlaygroundVideoPage,
  PlaygroundVideosPage,
} from "../../../../views/console/playground/index.ts"
import type { FormView } from "../../../../views/ui/index.ts"
import { AppError, creditsDecimal, ensure } from "../../../app/index.ts"
import { type Bytes, button, field, form } from "../../../http/index.ts"
import type { CodeSample, PageRequest, Status } from "../../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "../site.ts"
import { dataUrl, PICTURE_HERE, pictureType } from "./bytes.ts"
import { personOf } from "./person.ts"
import { askingOf, COMMON, codeOf, given, jsonOf, listed, modelOptions, refused } from "./tab.ts"

type Deps = Pick<ConsoleDeps, "gateway" | "web" | "clock">

const PATH = "/playground/videos"
const PROMPT_CHARS_MAX = 4_000
const SECONDS_MAX = 60
const ROWS = 20

const FORM = form(
  {
    ...COMMON,
    prompt: field.area({ label: "What is to be seen", missing: "Say what is to be seen.", max: PROMPT_CHARS_MAX }),
    image: field.document({
      label: "The picture that it begins with",
      accept: "image/png,image/jpeg,image/webp",
      optional: true,
    }),
    seconds: field.count({ label: "Seconds", help: "Most models make 4, 8 or 12.", min: 1, max: SECONDS_MAX }),
    size: field.choice<string>({
      label: "Size",
      options: listed("1280x720", "720x1280", "1920x1080", "1080x1920", "1792x1024", "1024x1792"),
    }),
  },
  { submit: "Make a video" },
)
const EMPTY = { want: "", seconds: 4, size: "" }

interface Typed {
  model: string
  prompt: string
  image: Bytes | null
  seconds: number
  size: string
}

/** A video as /v1/videos tells it. */
interface Said {
  id: string
  model: string
  status: PlaygroundVideo["status"]
  progress: number
  seconds: string
  size: string
  created_at: number
  expires_at: number | null
  error: { message: string } | null
}

export function videoRoutes(site: ConsoleSite, deps: Deps): void {
  const adapted = (page: PageRequest) =>
    FORM.with({
      model: { options: modelOptions(deps, page, (one) => one.output_modalities.includes("video"), "second") },
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
      const again = (refusal: Awaited<ReturnType<typeof refused>>, code: CodeSample[]) =>
        listPage(deps, page, adapted(page).show({ action: PATH, present: { ...values, want: "" } }), { refusal, code })
      if (values.want === "code") {
        const call = { path: "/v1/videos", operationId: "createVideo", body: bodyOf(values, PICTURE_HERE) }
        return again(null, codeOf(deps, call))
      }
      const { image } = values
      const picture = image ? dataUrl(pictureType(image) ?? "image/png", image) : ""
      const response = await deps.gateway.own.videos.create(bodyOf(values, picture), askingOf(page))
      if (!response.ok) return again(await refused(response), [])
      const held = response.headers.get("x-credits-held")
      const say = held ? `It is being made. ${held} credits are held for it.` : "It is being made."
      return { to: `${PATH}/${(await jsonOf<Said>(response)).id}`, say }
    },
    show: (page, view, _, status) => listPage(deps, page, view, { refusal: null, code: [] }, status),
  })
  site.get(`${PATH}/:playvideo`, async (page, { playvideo }) => {
    const said = await found(deps, page, playvideo)
    const now = deps.clock.now()
    const isKept = said.expires_at === null || said.expires_at * 1_000 > now
    return page.render((frame) => PlaygroundVideoPage({ frame, video: videoOf(deps, page, said), isKept }))
  })
  site.get(`${PATH}/:playvideo/content`, (page, { playvideo }) => contentOf(deps, page, playvideo))
  site.post(`${PATH}/:playvideo/deletion`, {
    load: (_, { playvideo }) => playvideo,
    form: button("Delete this video", true),
    async act(page, _, id) {
      const response = await deps.gateway.own.videos.remove(id, askingOf(page))
      const { error } = response.ok ? {} : await jsonOf<object>(response)
      if (error) throw new AppError(response.status === 409 ? "conflict" : "not_found", error.message ?? "")
      return { to: PATH, say: "The video is deleted." }
    },
    back: (id) => `${PATH}/${id}`,
  })
}

const bodyOf = ({ model, prompt, seconds, size, image }: Typed, picture: string) => ({
  model,
  prompt,
  seconds: String(seconds),
  ...given({ size }),
  ...(image ? { input_reference: { image_url: picture } } : {}),
})

/** @throws AppError not_found: there is none, or it is somebody else's */
async function found({ gateway }: Deps, page: PageRequest, id: string): Promise<Said> {
  const response = await gateway.own.videos.one(id, askingOf(page))
  ensure(response.ok, "not_found", "You have no such video. Those of the last 30 days are listed.")
  return jsonOf<Said>(response)
}

function videoOf({ gateway: { own } }: Deps, page: PageRequest, said: Said): PlaygroundVideo {
  const { id, model, status, progress, seconds, size, error } = said
  const person = personOf(page)
  const requestId = own.videos.callOf(id, person)
  const charged = requestId === null ? null : own.chargedFor(requestId, person)
  return {
    id,
    model,
    status,
    progress,
    seconds,
    size,
    createdMs: said.created_at * 1_000,
    expiresMs: said.expires_at === null ? null : said.expires_at * 1_000,
    error: error?.message ?? null,
    charged: charged === null ? null : creditsDecimal(charged),
    requestId,
  }
}

async function listPage(
  deps: Deps,
  page: PageRequest,
  view: FormView,
  said: { refusal: Awaited<ReturnType<typeof refused>>; code: CodeSample[] },
  status: Status = { status: 200 },
): Promise<Response> {
  const list = await deps.gateway.own.videos.list(ROWS, askingOf(page))
  const { data = [] } = await jsonOf<{ data?: Said[] }>(list)
  const videos = data.map((one) => videoOf(deps, page, one))
  const now = deps.clock.now()
  return page.render((frame) => PlaygroundVideosPage({ frame, form: view, videos, now, ...said }), status)
}

const PASSED = ["content-type", "content-length", "content-range", "accept-ranges", "etag", "last-modified"] as const

/** Its bytes, for this page alone: opened by itself, such a file runs nothing. */
async function contentOf(deps: Deps, page: PageRequest, id: string): Promise<Response> {
  const { status, headers, body } = await deps.gateway.own.videos.content(id, askingOf(page))
  if (status !== 200 && status !== 206 && status !== 416) {
    void body?.cancel()
    throw new AppError("not_found", "The provider does not keep this video any more.")
  }
  const passed = PASSED.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!] as [string, string]] : []))
  return new Response(body, {
    status,
    headers: [
      ...passed,
      ["cache-control", "private, no-store"],
      ["content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"],
      ["cross-origin-resource-policy", "same-origin"],
      ["x-content-type-options", "nosniff"],
    ],
  })
}
