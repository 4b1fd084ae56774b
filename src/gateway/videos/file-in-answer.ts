// A video that its provider sends inside its answer about the job: passed on as it comes, whole or a part, with one piece of it in memory.
import { decodedStream } from "../../http/index.ts"
import { FileInJson } from "../providers/index.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"

const TYPE = { "content-type": "video/mp4", "accept-ranges": "bytes" }

/** What the answer says beside the file. @throws whatever keeps from reading it */
export async function textBeside(response: Response, member: string): Promise<string> {
  let text = ""
  const decoder = new TextDecoder("utf-8", { fatal: true })
  const found = new FileInJson(member, (bytes) => {
    text += decoder.decode(bytes, { stream: true })
    if (text.length > L.answerBytesMax) throw new Error("an answer that is too long")
  })
  for await (const piece of piecesOf(response)) found.push(piece)
  return text + decoder.decode()
}

async function* piecesOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = decodedStream(response)?.getReader()
  if (!reader) return
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      size += value.length
      if (size > L.fileAnswerBytesMax) throw new Error("an answer that is too long")
      yield value
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}

async function* fileOf(response: Response, member: string): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = []
  const found = new FileInJson(
    member,
    () => {},
    (bytes) => pieces.push(bytes),
  )
  for await (const piece of piecesOf(response)) {
    found.push(piece)
    yield* pieces.splice(0)
    if (found.isWhole) return
  }
  throw new Error("the answer has no whole file")
}

/** First and last byte, both included; null: none of the file is asked for. */
export function partOf(range: string | null, size: number): { from: number; to: number } | "whole" | null {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? "") ?? []
  if (first + last === "") return "whole"
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1)
  return from > to || (first === "" && last === "0") ? null : { from, to }
}

/**
 * The file, or the part of it that is asked for, of an answer that is read for it. Where nobody knows how large it is, whole.
 * @throws whatever keeps from reading its beginning
 */
export async function fileAnswer(
  asked: () => Promise<Response>,
  member: string,
  { range, size }: { range: string | null; size: number | null },
): Promise<Response> {
  const part = size === null ? "whole" : partOf(range, size)
  if (part === null) return new Response(null, { status: 416, headers: { "content-range": `bytes */${size}` } })
  const response = await asked()
  if (!response.ok) return response
  const { from, to } = part === "whole" ? { from: 0, to: Number.POSITIVE_INFINITY } : part
  const pieces = within(fileOf(response, member), from, to)
  const first = await pieces.next()
  if (first.done) throw new Error("the answer has no file")
  const told = part === "whole" ? {} : { "content-range": `bytes ${from}-${to}/${size}` }
  return new Response(streamed(first.value, pieces), {
    status: part === "whole" ? 200 : 206,
    headers: { ...TYPE, ...told },
  })
}

async function* within(pieces: AsyncGenerator<Uint8Array>, from: number, to: number): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const piece of pieces) {
    const wanted = piece.subarray(Math.max(0, from - at), Math.max(0, to + 1 - at))
    at += piece.length
    if (wanted.length > 0) yield wanted
    if (at > to) return
  }
}

const streamed = (first: Uint8Array, more: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> => {
  let next: Uint8Array | null = first
  return new ReadableStream<Uint8Array>(
    {
      async pull(to) {
        const piece = next ?? (await more.next()).value
        next = null
        if (piece === undefined) to.close()
        else to.enqueue(piece as Uint8Array)
      },
      async cancel() {
        await more.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
