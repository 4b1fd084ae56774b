// /playground/speech: a text is spoken by POST /v1/audio/speech, as the person’s own call; it is heard on the page, and downloaded from it.
import { type PlaygroundMade, PlaygroundSpeechPage } from "../../../../views/console/playground/index.ts"
import { field, form } from "../../../http/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { dataUrl } from "./bytes.ts"
import { askingOf, COMMON, cameTo, codeOf, given, modelOptions, refused, shown, type TabDeps } from "./tab.ts"

const PATH = "/playground/speech"
/** Some minutes of sound, which the page holds. */
const TEXT_CHARS_MAX = 2_000
const SOUND_BYTES_MAX = 16 * 1024 * 1024
const VOICE_CHARS_MAX = 128

const FORM = form(
  {
    ...COMMON,
    input: field.area({ label: "What is said", missing: "Write what is to be said.", max: TEXT_CHARS_MAX, rows: 4 }),
    voice: field.text({
      label: "Voice",
      help: "A voice of the model, such as alloy or nova.",
      missing: "Name a voice.",
      max: VOICE_CHARS_MAX,
      autocomplete: "off",
    }),
    instructions: field.text({
      label: "How it is said",
      help: "Where the model lets you choose.",
      max: TEXT_CHARS_MAX,
      optional: true,
      autocomplete: "off",
    }),
    format: field.choice<string>({
      label: "Kind of file",
      options: ["mp3", "wav", "flac", "opus", "aac"].map((value) => ({ value, label: value })),
    }),
  },
  { submit: "Speak" },
)
const EMPTY = { want: "", voice: "alloy", instructions: "", format: "mp3" }

interface Typed {
  model: string
  input: string
  voice: string
  instructions: string
  format: string
}

export function speechRoutes(site: ConsoleSite, deps: TabDeps): void {
  const adapted = (page: PageRequest) =>
    FORM.with({
      model: { options: modelOptions(deps, page, (one) => one.output_modalities.includes("audio"), "character") },
    })
  site.form(PATH, {
    form: FORM,
    adapt: (_, __, page) => adapted(page),
    present: () => EMPTY,
    async act(page, values) {
      const made = values.want === "code" ? null : await madeOf(deps, page, values)
      const view = adapted(page).show({ action: PATH, present: { ...values, want: "" } })
      const code = codeOf(deps, { path: "/v1/audio/speech", operationId: "createSpeech", body: bodyOf(values) })
      return shown(page, PlaygroundSpeechPage, { form: view, made, code })
    },
    show: (page, view, _, status) => shown(page, PlaygroundSpeechPage, { form: view, made: null, code: [] }, status),
  })
}

const bodyOf = ({ model, input, voice, instructions, format }: Typed) => ({
  model,
  input,
  voice,
  response_format: format,
  ...given({ instructions }),
})

async function madeOf({ gateway: { own } }: TabDeps, page: PageRequest, values: Typed): Promise<PlaygroundMade> {
  const startMs = performance.now()
  const response = await own.speech(bodyOf(values), askingOf(page))
  if (!response.ok) return { refusal: await refused(response), ...cameTo(own, page, response, startMs) }
  const bytes = await soundOf(response)
  const type = (response.headers.get("content-type") ?? "audio/mpeg").split(";")[0]!
  const came = cameTo(own, page, response, startMs)
  if (bytes === null) return { refusal: BROKEN, ...came }
  const sound = { src: dataUrl(type, bytes), name: `speech.${endingOf(type, values.format)}` }
  return { sound, refusal: null, ...came }
}

const BROKEN = { status: 502, code: "provider_error", message: "The sound broke off. Try again.", topUp: false }

/** As the file says it is: a model may write another kind than it was asked for. */
const endingOf = (type: string, asked: string): string =>
  ({
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/aac": "aac",
  })[type] ?? asked

/** @returns null when it broke off, or is more than a page can hold; what came is charged as it is */
async function soundOf({ body }: Response): Promise<Buffer | null> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      pieces.push(piece)
      size += piece.length
      if (size > SOUND_BYTES_MAX) return null
    }
  } catch {
    return null
  }
  return Buffer.concat(pieces)
}
