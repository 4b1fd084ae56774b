// /playground/recordings: a recording is written down, in its own language or in English, as the person’s own call.
import { type PlaygroundMade, PlaygroundRecordingsPage } from "../../../../views/console/playground/index.ts"
import { type Bytes, field, form } from "../../../http/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { soundEnding } from "./bytes.ts"
import { askingOf, COMMON, cameTo, codeOf, given, modelOptions, refused, shown, type TabDeps } from "./tab.ts"

const PATH = "/playground/recordings"
const WORDS_CHARS_MAX = 1_000
const LANGUAGE_CHARS_MAX = 35

const FORM = form(
  {
    ...COMMON,
    recording: field.document({
      label: "Recording",
      help: "MP3, M4A, WAV, FLAC, OGG or WebM, up to 8 MB.",
      missing: "Choose a recording.",
      accept: "audio/*,video/mp4,video/webm",
    }),
    task: field.choice<string>({
      label: "Written down",
      options: [
        { value: "transcriptions", label: "In its own language" },
        { value: "translations", label: "In English" },
      ],
    }),
    language: field.text({
      label: "Language that is spoken",
      help: "Such as en. It is heard where nothing is said; English needs none.",
      max: LANGUAGE_CHARS_MAX,
      optional: true,
      autocomplete: "off",
    }),
    prompt: field.text({
      label: "Words that stand in it",
      help: "Names, for example.",
      max: WORDS_CHARS_MAX,
      optional: true,
      autocomplete: "off",
    }),
    format: field.choice<string>({
      label: "As",
      options: [
        { value: "json", label: "Text" },
        { value: "srt", label: "Subtitles (SRT)" },
        { value: "vtt", label: "Subtitles (WebVTT)" },
      ],
    }),
  },
  { submit: "Write it down" },
)
const EMPTY = { want: "", task: "transcriptions", language: "", prompt: "", format: "json" }

interface Typed {
  model: string
  recording: Bytes | null
  task: string
  language: string
  prompt: string
  format: string
}

export function recordingRoutes(site: ConsoleSite, deps: TabDeps): void {
  const adapted = (page: PageRequest) =>
    FORM.with({
      model: { options: modelOptions(deps, page, (one) => one.input_modalities.includes("audio"), "second") },
    })
  site.form(PATH, {
    form: FORM,
    adapt: (_, __, page) => adapted(page),
    present: () => EMPTY,
    check: ({ readable: { recording = null } }) => ({
      recording:
        recording === null || soundEnding(recording) ? undefined : "Choose an MP3, M4A, WAV, FLAC, OGG or WebM file.",
    }),
    async act(page, values) {
      const made = values.want === "code" ? null : await madeOf(deps, page, values)
      const view = adapted(page).show({ action: PATH, present: { ...values, want: "" } })
      return shown(page, PlaygroundRecordingsPage, { form: view, made, code: codeOf(deps, callOf(values)) })
    },
    show: (page, view, _, status) =>
      shown(page, PlaygroundRecordingsPage, { form: view, made: null, code: [] }, status),
  })
}

const isEnglish = ({ task }: Typed): boolean => task === "translations"
const nameOf = ({ recording }: Typed): string => `recording.${(recording && soundEnding(recording)) ?? "mp3"}`

const fieldsOf = (typed: Typed): Record<string, string> => {
  const { model, prompt, format, language } = typed
  return given({ model, prompt, response_format: format, language: isEnglish(typed) ? "" : language })
}

const callOf = (typed: Typed) => ({
  path: `/v1/audio/${isEnglish(typed) ? "translations" : "transcriptions"}`,
  operationId: isEnglish(typed) ? "createTranslation" : "createTranscription",
  body: { file: nameOf(typed), ...fieldsOf(typed) },
  isForm: true,
})

async function madeOf({ gateway: { own } }: TabDeps, page: PageRequest, values: Typed): Promise<PlaygroundMade> {
  const startMs = performance.now()
  const body = new FormData()
  for (const [name, value] of Object.entries(fieldsOf(values))) body.set(name, value)
  body.set("file", new Blob([values.recording!]), nameOf(values))
  const response = await (isEnglish(values) ? own.translations : own.transcriptions)(body, askingOf(page))
  if (!response.ok) return { refusal: await refused(response), ...cameTo(own, page, response, startMs) }
  const said = await response.text()
  return { text: wordsOf(said, values.format), refusal: null, ...cameTo(own, page, response, startMs) }
}

/** Of an answer as JSON, its words. */
function wordsOf(said: string, format: string): string {
  if (format !== "json") return said
  try {
    return (JSON.parse(said) as { text?: string }).text ?? said
  } catch {
    return said
  }
}
