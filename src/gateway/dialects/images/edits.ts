// POST /v1/images/edits, as OpenAI documents it: pictures are changed by words. They come as files of a form, which wait on disk, or within
// JSON as data URLs, and go to the provider as files either way.
import { Type as t } from "@sinclair/typebox"
import { isMultipart, readJsonText, type Spooled, type SpooledFile } from "../../../http/index.ts"
import { sizeIn } from "../../../media/index.ts"
import { GATEWAY_LIMITS } from "../../limits.ts"
import { bad, documented, isObject, objectOf, oneOf } from "../checks.ts"
import { parseJson } from "../json.ts"
import { type PlainQuestion, plainDialect } from "../plain.ts"
import { type FieldCheck, field, told } from "../reading.ts"
import { fieldsOf, readUpload } from "../upload.ts"
import { FIELDS } from "./fields.ts"
import { checkImages, ImageFramer } from "./index.ts"

const binary = (description: string) =>
  documented(t.Unsafe({ type: "string", format: "binary", description }), (_, at) => {
    throw bad(at, `\`${at}\` must be a file.`)
  })

const BOTH: [string, FieldCheck][] = [
  ...[...FIELDS].filter(([name]) => name !== "style"),
  ["input_fidelity", told("How closely what is in the pictures is kept", oneOf("low", "high"))],
]
const FORM: ReadonlyMap<string, FieldCheck> = new Map([
  ...BOTH,
  ["image", binary("The picture; several as `image[]`")],
  ["mask", binary("A PNG as large as the first picture: what is transparent in it is changed")],
])

const DATA_URL = /^data:(image\/[a-z0-9.+-]{1,40});base64,/i
const Reference = t.Object(
  { image_url: t.String({ description: "A data URL: `data:image/png;base64,…`" }) },
  { additionalProperties: false },
)
function checkReference(value: unknown, at: string): void {
  const url = isObject(value) ? value.image_url : undefined
  const isAlone = isObject(value) && Object.keys(value).length === 1
  if (typeof url !== "string" || !isAlone || !DATA_URL.test(url)) {
    throw bad(at, `\`${at}\` must be an object with \`image_url\`, a data URL such as data:image/png;base64,…`)
  }
}
const pictures = field(
  t.Array(Reference, {
    minItems: 1,
    maxItems: GATEWAY_LIMITS.editedImagesMax,
    description: "The pictures that are changed",
  }),
  (value, at) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > GATEWAY_LIMITS.editedImagesMax) {
      throw bad(at, `\`${at}\` must be a list of 1 to ${GATEWAY_LIMITS.editedImagesMax} pictures.`)
    }
    for (const [index, one] of value.entries()) checkReference(one, `${at}[${index}]`)
  },
)
const JSON_FIELDS: ReadonlyMap<string, FieldCheck> = new Map([
  ...BOTH,
  ["images", pictures],
  ["mask", field({ ...Reference, description: "What is transparent in it is changed" }, checkReference)],
])

/** For the OpenAPI document. */
export const ImageEditsForm = objectOf(Object.fromEntries(FORM), ["image", "model", "prompt"], "OpenAI's form")
export const ImageEditsRequest = objectOf(
  Object.fromEntries(JSON_FIELDS),
  ["images", "model", "prompt"],
  "OpenAI's edits",
)

/** What holds a picture's size stands within so many bytes; of a JPEG, behind what cameras write first. */
const HEAD_BYTES = 96 * 1024
/** What a picture adds that is to be kept closely, as OpenAI says of its largest. */
const CLOSE_TOKENS = 6_240

async function counted(question: PlainQuestion, files: readonly SpooledFile[]): Promise<void> {
  for (const { name, read } of files) {
    if (name === "mask") continue
    question.size.image({ detail: "auto", size: sizeIn(Buffer.from(await read(0, HEAD_BYTES))) })
    if (question.fields.input_fidelity === "high") question.size.tokens(CLOSE_TOKENS)
  }
}

/** @throws AppError invalid_request */
function checkFiles(files: readonly SpooledFile[]): void {
  const odd = files.find(({ name }) => name !== "image" && name !== "image[]" && name !== "mask")
  if (odd) throw bad(odd.name.slice(0, 200), "Send pictures as `image`, `image[]` and `mask`.")
  const empty = files.find(({ size }) => size === 0)
  if (empty) throw bad(empty.name, `\`${empty.name}\` must be a file that is not empty.`)
  const masks = files.filter(({ name }) => name === "mask").length
  if (masks > 1) throw bad("mask", "Send one `mask`.")
  const count = files.length - masks
  if (count === 0 || count > GATEWAY_LIMITS.editedImagesMax) {
    throw bad("image", `Send 1 to ${GATEWAY_LIMITS.editedImagesMax} pictures as \`image\`.`)
  }
}

async function checkForm(request: Request, owner: string): Promise<PlainQuestion> {
  const upload = await readUpload(request, owner)
  try {
    const question = checkImages(fieldsOf(upload, FORM), FORM)
    checkFiles(upload.files)
    await counted(question, upload.files)
    return { ...question, upload }
  } catch (error) {
    upload.discard()
    throw error
  }
}

async function checkJson(request: Request, owner: string): Promise<PlainQuestion> {
  const parsed = parseJson(await readJsonText(request, { owner }))
  const question = checkImages(parsed, JSON_FIELDS, ["images"])
  const { images, mask, ...fields } = question.fields as { images: Referred[]; mask?: Referred }
  const name = images.length > 1 ? "image[]" : "image"
  const files = [...images.map((one) => fileOf(name, one)), ...(mask ? [fileOf("mask", mask)] : [])]
  checkFiles(files)
  await counted(question, files)
  // In memory: a body of JSON is bounded.
  const upload: Spooled = { fields: [], files, discard() {} }
  return { ...question, fields, upload }
}

interface Referred {
  image_url: string
}

function fileOf(name: string, { image_url }: Referred): SpooledFile {
  const [head = "", type = ""] = DATA_URL.exec(image_url) ?? []
  const bytes = new Uint8Array(Buffer.from(image_url.slice(head.length), "base64"))
  const filename = `picture.${type.slice("image/".length).replace(/\W.*/, "")}`
  return {
    name,
    filename,
    type: type.toLowerCase(),
    size: bytes.length,
    read: (at, length) => Promise.resolve(bytes.subarray(at, at + length)),
  }
}

export const imageEdits = {
  ...plainDialect<PlainQuestion>({
    name: "image-edits",
    endpoint: "image-edits",
    scope: "image-generation",
    prompt: "prompt",
    params: { prompt: "prompt", most: () => "n" },
    lacks: "changes no pictures",
    check: () => {
      throw new Error("read as a form, or with its pictures")
    },
    framer: () => new ImageFramer("image_edit"),
  }),
  check: (request: Request, owner: string): Promise<PlainQuestion> =>
    isMultipart(request) ? checkForm(request, owner) : checkJson(request, owner),
}
