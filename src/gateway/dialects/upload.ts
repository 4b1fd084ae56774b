// A form with files as a checked question: its fields are read as their table says, its files stay on disk.
import { BodyBudget, readSpooled, type Spooled, type SpooledFile } from "../../http/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { bad, type Json } from "./checks.ts"
import type { Parsed } from "./json.ts"
import type { FieldCheck } from "./reading.ts"

/** Forms of all routes share the disk. */
const disk = new BodyBudget({
  ownerBytesMax: GATEWAY_LIMITS.uploadOwnerBytesMax,
  bytesMax: GATEWAY_LIMITS.uploadsBytesMax,
  ownerReadingMax: GATEWAY_LIMITS.uploadOwnerReadingMax,
  readingMax: GATEWAY_LIMITS.uploadsReadingMax,
})

let place: string | undefined
/** Where forms wait for their provider: beside the database, where there is room. */
export function keepUploadsIn(dir: string | undefined): void {
  place = dir
}

export const readUpload = (request: Request, owner: string): Promise<Spooled> =>
  readSpooled(request, {
    dir: place,
    owner,
    budget: disk,
    bytesMax: GATEWAY_LIMITS.uploadBytesMax,
    deadlineMs: GATEWAY_LIMITS.uploadMs,
    partsMax: GATEWAY_LIMITS.uploadPartsMax,
    textBytesMax: GATEWAY_LIMITS.uploadTextBytesMax,
  })

/** Texts as the values that they stand for. `name[]` is a list, as OpenAI's SDKs send it. @throws AppError invalid_request */
export function fieldsOf({ fields }: Pick<Spooled, "fields">, known: ReadonlyMap<string, FieldCheck>): Parsed {
  const plain: Json = {}
  for (const [said, text] of fields) {
    const isList = said.endsWith("[]")
    const name = isList ? said.slice(0, -2) : said
    if (!isList && Object.hasOwn(plain, name)) throw bad(name.slice(0, 200), `\`${name.slice(0, 200)}\` stands twice.`)
    const value = typedOf(text, known.get(name)?.schema.type)
    Object.defineProperty(plain, name, {
      value: isList ? [...((plain[name] as unknown[] | undefined) ?? []), text] : value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return { plain, exact: plain }
}

function typedOf(text: string, type: unknown): unknown {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true"
  const isNumber = (type === "number" || type === "integer") && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)
  return isNumber ? Number(text) : text
}

/** The one file of that name. @throws AppError invalid_request */
export function fileIn({ files }: Pick<Spooled, "files">, name: string): SpooledFile {
  const [file, ...more] = files
  if (!file || file.name !== name || file.size === 0) throw bad(name, `\`${name}\` must be a file.`)
  if (more.length > 0) throw bad(more[0]!.name.slice(0, 200), `Send one file, \`${name}\`.`)
  return file
}
