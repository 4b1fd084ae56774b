// Forms with large files (RFC 7578), for routes of programs: the body passes through to a file that has no name any more, so that memory
// holds one piece of it, whatever its size, and a crash leaves nothing behind. Parts are found by their borders as the bytes pass.
import { randomBytes } from "node:crypto"
import { close, open, read, unlink, write } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { AppError } from "../app/index.ts"
import { digestsOf, openSeat } from "./body.ts"
import type { BodyBudget } from "./body-budget.ts"
import { HEADER_CHARS_MAX } from "./headers.ts"

/** A file of a form, on disk. */
export interface SpooledFile {
  /** Of its field. */
  name: string
  /** As the sender names file and type: repeated to whoever asked for it, believed by nobody. */
  filename: string
  type: string
  size: number
  /** Bytes of it, or fewer at its end. */
  read(at: number, length: number): Promise<Uint8Array>
}

export interface Spooled {
  /** In the order of the form. */
  fields: readonly (readonly [name: string, value: string])[]
  files: readonly SpooledFile[]
  /** The file goes; may be called again. */
  discard(): void
}

export interface SpoolOptions {
  /** Where there is room; default: the platform's place for files that pass. */
  dir?: string | undefined
  bytesMax: number
  deadlineMs: number
  partsMax: number
  /** Of all fields that are no files. */
  textBytesMax: number
  /** Whose share of the disk it counts against. */
  owner: string
  /** What may be on disk at once. */
  budget: BodyBudget
}

const BOUNDARY =
  /^multipart\/form-data;(?:[^;]{0,200};)*? {0,8}boundary=(?:"([\w'()+,./:=?-]{1,70})"|([\w'()+.-]{1,70}))(?: *;|$)/i
/** Read again at once, for a hash. */
const DIGEST_BYTES = 1024 * 1024
/** Of one part. */
const HEAD_BYTES_MAX = 4_096

const notWhole = (cause?: unknown): AppError =>
  new AppError("invalid_request", "The form did not arrive whole. Send it again.", {}, cause)

/** @throws AppError those of readBody */
export async function readSpooled(request: Request, options: SpoolOptions): Promise<Spooled> {
  const type = request.headers.get("content-type") ?? ""
  const match = type.length > HEADER_CHARS_MAX ? null : BOUNDARY.exec(type)
  if (!match) throw new AppError("unsupported_media_type", "Send the body as multipart/form-data, with its boundary.")
  const path = join(options.dir ?? tmpdir(), `spool-${randomBytes(12).toString("hex")}`)
  const seat = openSeat(request, options.owner, options.budget)
  let file: Nameless
  try {
    file = await Nameless.at(path)
  } catch (error) {
    seat.release()
    throw error
  }
  const discard = () => {
    seat.release()
    file.close()
  }
  try {
    const borders = new Borders(`--${match[1] ?? match[2]}`, options.partsMax)
    await written(request, file, options, (piece) => {
      seat.add(piece.length)
      borders.push(piece)
    })
    seat.arrived()
    const parts = await partsOf(file, borders.parts(), options)
    await digested(request, parts)
    return { ...parts, discard }
  } catch (error) {
    discard()
    throw error
  }
}

/** A file that nobody else finds, and that ends with this process at the latest. */
class Nameless {
  private size = 0
  private isOpen = true
  /** On their way: the number of a closed file is soon another one's. */
  private running = 0

  private constructor(private readonly fd: number) {}

  static async at(path: string): Promise<Nameless> {
    const fd = await promisify(open)(path, "wx+", 0o600)
    await promisify(unlink)(path)
    return new Nameless(fd)
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      const rest = bytes.length - from
      const done = await this.while(() => promisify(write)(this.fd, bytes, from, rest, this.size))
      this.size += done.bytesWritten
      from += done.bytesWritten
    }
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    const buffer = new Uint8Array(Math.max(0, length))
    const { bytesRead } = await this.while(() => promisify(read)(this.fd, buffer, 0, buffer.length, at))
    return buffer.subarray(0, bytesRead)
  }

  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.closeWhenIdle()
  }

  private async while<T>(run: () => Promise<T>): Promise<T> {
    if (!this.isOpen) throw notWhole("the form was let go")
    this.running++
    try {
      return await run()
    } finally {
      this.running--
      this.closeWhenIdle()
    }
  }

  private closeWhenIdle(): void {
    if (!this.isOpen && this.running === 0) close(this.fd, () => {})
  }
}

async function written(
  request: Request,
  file: Nameless,
  { bytesMax, deadlineMs }: SpoolOptions,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  const reader = request.body?.getReader()
  if (!reader) throw notWhole()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    void reader.cancel().catch(() => {})
  }, deadlineMs)
  const headers = { connection: "close" }
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw notWhole(error)
      })
      if (isLate) throw new AppError("body_timeout", "The body took too long to arrive. Send less.", { headers })
      if (done) break
      size += value.length
      if (size > bytesMax) {
        const words = `The body is larger than ${bytesMax} bytes. Send less.`
        throw new AppError("body_too_large", words, { headers })
      }
      take(value)
      await file.append(value)
    }
  } catch (error) {
    void reader.cancel().catch(() => {})
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** By what it says: each sending of a form has another boundary. */
async function digested(request: Request, { fields, files }: Pick<Spooled, "fields" | "files">): Promise<void> {
  const digest = digestsOf(request)
  if (!digest) return
  const encoder = new TextEncoder()
  digest.update(encoder.encode(JSON.stringify([fields, files.map(({ name, size }) => [name, size])])))
  for (const { size, read } of files) {
    for (let at = 0; at < size; at += DIGEST_BYTES) digest.update(await read(at, DIGEST_BYTES))
  }
  digest.end()
}

/** Where parts begin and end: between two borders, each at the beginning of a line. */
class Borders {
  private readonly border: Buffer
  private readonly at: number[] = []
  /** The end of what passed: a border may lie across two pieces. It begins as if a line had ended. */
  private tail = Buffer.from("\r\n")
  private passed = -2

  constructor(
    private readonly first: string,
    private readonly partsMax: number,
  ) {
    this.border = Buffer.from(`\r\n${first}`, "latin1")
  }

  push(piece: Uint8Array): void {
    const bytes = Buffer.concat([this.tail, piece])
    for (let from = 0; ; ) {
      const found = bytes.indexOf(this.border, from)
      if (found < 0) break
      this.at.push(this.passed + found)
      if (this.at.length > this.partsMax + 1) throw new AppError("invalid_request", "The form has too many fields.")
      from = found + this.border.length
    }
    const keep = Math.min(bytes.length, this.border.length - 1)
    this.tail = Buffer.from(bytes.subarray(bytes.length - keep))
    this.passed += bytes.length - keep
  }

  /** From behind the border's own line to the next border. @throws AppError where there is no end */
  parts(): { from: number; to: number }[] {
    if (this.at.length < 2) throw notWhole(this.first)
    return this.at.slice(1).map((to, index) => ({ from: this.at[index]! + this.border.length + 2, to }))
  }
}

async function partsOf(
  file: Nameless,
  parts: readonly { from: number; to: number }[],
  { textBytesMax }: SpoolOptions,
): Promise<Pick<Spooled, "fields" | "files">> {
  const bytesAt = (at: number, length: number) => file.read(at, length)
  const fields: [string, string][] = []
  const files: SpooledFile[] = []
  let textBytes = 0
  for (const { from, to } of parts) {
    const head = Buffer.from(await bytesAt(from, Math.min(HEAD_BYTES_MAX, to - from))).toString("utf8")
    const end = head.indexOf("\r\n\r\n")
    const said = end < 0 ? null : headOf(head.slice(0, end))
    if (!said) throw notWhole()
    const start = from + Buffer.byteLength(head.slice(0, end)) + 4
    const size = to - start
    if (said.filename === null) {
      textBytes += size
      if (textBytes > textBytesMax) {
        throw new AppError("body_too_large", "The form holds too much text. Send less.")
      }
      fields.push([said.name, Buffer.from(await bytesAt(start, size)).toString("utf8")])
      continue
    }
    const read = (at: number, length: number) => bytesAt(start + at, Math.min(length, size - at))
    files.push({ name: said.name, filename: said.filename, type: said.type, size, read })
  }
  return { fields, files }
}

const QUOTED = (name: string) => new RegExp(`[; ]${name}="((?:[^"\\\\\\r\\n]|\\\\["\\\\]){0,255})"`, "i")
const NAME = QUOTED("name")
const FILENAME = QUOTED("filename")
const TYPE = /^[a-z0-9!#$&^_.+-]{1,60}\/[a-z0-9!#$&^_.+-]{1,60}$/i

function headOf(head: string): { name: string; filename: string | null; type: string } | null {
  let name: string | null = null
  let filename: string | null = null
  let type = "application/octet-stream"
  for (const line of head.split("\r\n")) {
    const at = line.indexOf(":")
    const key = line.slice(0, at).trim().toLowerCase()
    const value = line.slice(at + 1).trim()
    if (key === "content-disposition") {
      name = NAME.exec(` ${value}`)?.[1] ?? null
      filename = FILENAME.exec(` ${value}`)?.[1] ?? (/[; ]filename\*=/i.test(value) ? "file" : null)
    }
    if (key === "content-type") {
      const said = value.split(";")[0]!.trim()
      if (TYPE.test(said)) type = said
    }
  }
  return name === null ? null : { name, filename, type }
}
